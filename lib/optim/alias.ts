import { ValueError } from '../error/tensorError.ts'
import { describe } from '../tensor/data.ts'
import { type Chained, chain } from './chain.ts'
import { momentum, type WithVelocity } from './momentum.ts'
import { scale } from './scale.ts'
import { type AdamOptions, scaleByAdam } from './scaleByAdam.ts'
import type { Stateless, Transformation } from './transformation.ts'

const rate = (op: string, learningRate: number): number => {
  if (typeof learningRate !== 'number' || !(learningRate >= 0 && learningRate < Number.POSITIVE_INFINITY))
    throw new ValueError({ op, expected: 'a learning rate that is not negative', actual: describe(learningRate) })
  return learningRate
}

/**
 * Stochastic gradient descent: −learningRate · g. With momentum m: −learningRate · v, v ← g + m · v.
 *
 * @example
 * import { fromNested, sgd, toNested } from 'pullback'
 * const t = sgd(0.1)
 * const g = { b: fromNested([10]) }
 * toNested(t.update(g, t.init(g), g)[0].b) // => [-1]
 */
export function sgd(learningRate: number): Transformation<Chained<readonly [Stateless]>>
export function sgd(
  learningRate: number,
  options: { readonly momentum: number },
): Transformation<Chained<readonly [WithVelocity, Stateless]>>
export function sgd(learningRate: number, options?: { readonly momentum: number }) {
  const descend = scale(-rate('sgd', learningRate))
  return options === undefined ? chain(descend) : chain(momentum(options.momentum), descend)
}

/**
 * Adam: `scaleByAdam`, then −learningRate.
 *
 * @example
 * import { adam, fromNested, item } from 'pullback'
 * const t = adam(0.5)
 * const g = { b: fromNested([123]) }
 * item(t.update(g, t.init(g), g)[0].b).toFixed(6) // => '-0.500000'
 */
export const adam = (learningRate = 1e-3, options: AdamOptions = {}) =>
  chain(scaleByAdam(options), scale(-rate('adam', learningRate)))
