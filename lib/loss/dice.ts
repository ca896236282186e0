import { ValueError } from '../error/tensorError.ts'
import { add } from '../op/elementwise/add.ts'
import { div } from '../op/elementwise/div.ts'
import { mul } from '../op/elementwise/mul.ts'
import { neg } from '../op/elementwise/neg.ts'
import { scale, shift } from '../op/elementwise/scale.ts'
import { describe } from '../tensor/data.ts'
import { configurable } from './loss.ts'
import { checkProbabilities } from './probability.ts'
import { onOutputs, overOutputs, type RegressionLoss } from './regression.ts'

export interface DiceOptions {
  /** What is added to both sides of the ratio, above 0; 1 by default. With it two empty masks have the loss 0. */
  readonly smooth: number
}

/**
 * 1 − (2 Σ p y + s) / (Σ p + Σ y + s) for each example, the sums over all its outputs: by how little two masks overlap,
 * from 0 (nothing is missing or too much) to nearly 1. Outputs p are probabilities, as from `sigmoid`, and targets y
 * the mask, [batch, …]. s is 1; `dice.with({ smooth })` sets it. All outputs of an example count as one mask: to
 * average over channels, make each an example. Output and target of different shapes are a `ShapeError`; numbers
 * outside [0, 1] and an s that is not above 0 a `ValueError`. Milletari, Navab and Ahmadi, "V-Net", 2016, who square
 * p and y below.
 *
 * @example
 * import { dice, fromNested, item } from 'pullback'
 * item(dice(fromNested([[1, 1, 0, 0]]))(fromNested([[1, 0, 0, 0]]))[0]) // => 0.25
 */
export const dice = configurable<RegressionLoss, DiceOptions>('dice', ['smooth'], ({ smooth = 1 }) => {
  if (!(typeof smooth === 'number' && smooth > 0 && smooth < Number.POSITIVE_INFINITY))
    throw new ValueError({ op: 'dice', expected: 'a smooth above 0', actual: describe(smooth) })
  return onOutputs('dice', (p, y) => {
    checkProbabilities('dice', 'outputs', p)
    checkProbabilities('dice', 'targets', y)
    const both = scale(overOutputs(mul(p, y), 'sum'), 2)
    const each = overOutputs(add(p, y), 'sum')
    return shift(neg(div(shift(both, smooth), shift(each, smooth))), 1)
  })
})
