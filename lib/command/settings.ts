import {
  adam,
  adamw,
  engine,
  lion,
  nadam,
  type Rate,
  rmsprop,
  type Schedule,
  type StateFn,
  schedule,
  sgd,
  type Transformation,
  threads,
  useEngine,
} from '../index.ts'
import { reference } from '../kernel/reference/reference.ts'
import { native } from '../node/index.ts'
import { found } from './failure.ts'

type Optimizer = Transformation<StateFn>

/** The optimizers by name, and the learning rate that each has if none is given. */
const optimizers = {
  adamw: [(rate: Rate) => adamw(rate) as Optimizer, 0.01],
  adam: [(rate: Rate) => adam(rate) as Optimizer, 0.003],
  nadam: [(rate: Rate) => nadam(rate) as Optimizer, 0.003],
  rmsprop: [(rate: Rate) => rmsprop(rate) as Optimizer, 0.001],
  lion: [(rate: Rate) => lion(rate) as Optimizer, 0.0003],
  momentum: [(rate: Rate) => sgd(rate, { momentum: 0.9 }) as Optimizer, 0.03],
  sgd: [(rate: Rate) => sgd(rate) as Optimizer, 0.1],
} as const
export type OptimizerName = keyof typeof optimizers
export const optimizerNames = Object.keys(optimizers) as readonly OptimizerName[]

const schedules = {
  cosine: (rate: number, steps: number): Schedule => schedule.cosine(rate, { steps }),
  linear: (rate: number, steps: number): Schedule => schedule.polynomial(rate, { steps }),
  oneCycle: (rate: number, steps: number): Schedule => schedule.oneCycle(rate, { steps }),
  constant: (rate: number): Schedule => schedule.constant(rate),
} as const
export type ScheduleName = keyof typeof schedules
export const scheduleNames = Object.keys(schedules) as readonly ScheduleName[]

/** The learning rate that an optimizer has if none is given. */
export const usualRate = (name: OptimizerName): number => optimizers[name][1]

/** An optimizer whose rate follows a schedule over so many steps. */
export const optimizerOf = (name: OptimizerName, rate: number, by: ScheduleName, steps: number): Optimizer =>
  optimizers[name][0](schedules[by](rate, steps))

export const engineNames = ['wasm', 'native', 'reference'] as const

/** Makes an engine compute, on some threads. One that is missing here is an error that says how to install it. */
export const runOn = (name: (typeof engineNames)[number], count: number): void => {
  if (name === 'native') useEngine(found(native()))
  if (name === 'reference') useEngine(reference)
  if (count !== engine().threads) threads(count)
}
