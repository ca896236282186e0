// Elementary functions of the lanes of a vector, from + − × ÷ alone: the same bits on every machine.
export { exp } from './exp'
export { log } from './log'
export { sigmoid, tanh } from './tanh'
export { erf } from './erf'
export { erfinv } from './erfinv'
