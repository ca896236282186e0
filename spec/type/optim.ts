import {
  type AnyLayer,
  accumulate,
  adam,
  adamw,
  bySlots,
  type Counted,
  chain,
  clipByNorm,
  compose,
  ema,
  key,
  type LinearParams,
  leastSquares,
  linear,
  type Minibatch,
  nadam,
  type Params,
  partition,
  type RunOf,
  rmsprop,
  type Schedule,
  type Slots,
  type StateOf,
  sgd,
  start,
  type Tensor,
  type Transformation,
  tanh,
  trainStep,
} from 'pullback'
import { type Equal, yes } from './equal.ts'

const layer = linear(3, 2)
type P = Params<typeof layer>
type State<T> = T extends Transformation<infer F> ? StateOf<F, P> : never
declare const rate: Schedule

// an optimizer's state, exactly
const plain = sgd(0.1)
yes<Equal<State<typeof plain>, readonly [Counted]>>()
const heavy = sgd(rate, { momentum: 0.9, nesterov: true })
yes<Equal<State<typeof heavy>, readonly [Slots<'velocity', P>, Counted]>>()
const rms = rmsprop(0.1)
yes<Equal<State<typeof rms>, readonly [Slots<'nu', P>, Counted]>>()
const centered = rmsprop(0.1, { centered: true, momentum: 0.9 })
yes<Equal<State<typeof centered>, readonly [Slots<'mu' | 'nu', P>, Slots<'velocity', P>, Counted]>>()
const clipped = chain(clipByNorm(1), adamw(rate, { where: ['W'] }))
yes<Equal<State<typeof clipped>[1][0]['mu'], P>>()
yes<Equal<State<typeof clipped>[1][2]['count'], number>>()
const wrapped = ema(0.99, accumulate(4, nadam()))
yes<Equal<State<typeof wrapped>['average'], P>>()
yes<Equal<State<typeof wrapped>['inner']['inner'][0]['product'], number>>()
const groups = partition(adam(), { b: sgd(0.1, { momentum: 0.9 }) })
yes<Equal<State<typeof groups>['groups']['b'][0]['velocity'], P['b']>>()
yes<Equal<State<typeof groups>['rest'][0]['mu'], { readonly W: P['W'] }>>()

// one of one's own
const own = bySlots('own', ['first', 'second'], (count) => (g, first, second) => {
  yes<Equal<typeof count, number>>()
  yes<Equal<typeof second, Tensor>>()
  return [g, first, second]
})
yes<Equal<State<typeof own>, Slots<'first' | 'second', P>>>()
// @ts-expect-error two are kept, and not one
bySlots('own', ['first', 'second'], () => (g, first) => [g, first])
const both = chain(own, sgd(0.1))
yes<Equal<RunOf<typeof layer, typeof both>['optimizer'][0], Slots<'first' | 'second', P>>>()
const begun = start(layer, both, key(0))
yes<Equal<typeof begun, RunOf<typeof layer, typeof both>>>()
yes<Equal<P, LinearParams<3, 2>>>()
// a network of any parameters, with its port
const outputs = (net: AnyLayer<readonly [3], readonly [2]>): AnyLayer => net
outputs(layer)
outputs(compose(layer, tanh))
// @ts-expect-error of another port
outputs(linear(4, 2))

// a run goes on with another rate, and not with another optimizer
const run = start(layer, adam(1e-3), key(0))
declare const batch: Minibatch<Tensor<readonly [number, 3]>, Tensor<readonly [number, 2]>>
trainStep(layer, leastSquares, adam(rate))(run, batch)
// @ts-expect-error the state of Adam is not one of AdamW
trainStep(layer, leastSquares, adamw())(run, batch)
// @ts-expect-error Nesterov's form is one of momentum
sgd(0.1, { nesterov: true })
// @ts-expect-error a path is a name, and not a number
adamw(0.1, { where: [1] })
