import { isFrom } from '../error/options.ts'
import { ValueError } from '../error/tensorError.ts'
import { abs } from '../op/elementwise/abs.ts'
import { addScaled } from '../op/elementwise/add.ts'
import { div } from '../op/elementwise/div.ts'
import { maximum, minimum } from '../op/elementwise/maximum.ts'
import { mul } from '../op/elementwise/mul.ts'
import { sub } from '../op/elementwise/sub.ts'
import { full } from '../tensor/create.ts'
import { describe } from '../tensor/data.ts'
import type { Tensor } from '../type/tensor.ts'
import { configurable } from './loss.ts'
import { checkedOutputs, type OutputsOptions, onOutputs, overOutputs, type RegressionLoss } from './regression.ts'

/** Clips x to ±k. */
const kept = (x: Tensor, k: number): Tensor => {
  const bound = (b: number): Tensor => full(x.shape, b, x.dtype)
  return minimum(maximum(x, bound(-k)), bound(k))
}

export interface HuberOptions extends OutputsOptions {
  /** The largest difference with a quadratic loss; 1 by default. */
  readonly delta: number
}

/**
 * ½ e² for differences e = z − y up to δ in size, δ · (|e| − ½ δ) beyond, summed over the outputs of each example:
 * quadratic for small errors, linear for large. δ is 1; `huber.with({ delta })` sets it. PyTorch's `HuberLoss` is
 * `huber.with({ outputs: 'mean' })`. The derivative is e clipped to ±δ. Output and target of different shapes are a
 * `ShapeError`, a δ that is not above 0 a `ValueError`. Huber, "Robust estimation of a location parameter", 1964.
 *
 * @example
 * import { fromNested, huber, toNested } from 'pullback'
 * const [target, output] = [fromNested([0, 0]), fromNested([1, 4])]
 * toNested(huber.none(target)(output)[0]) // => [0.5, 3.5]
 * toNested(huber.with({ delta: 2 }).none(target)(output)[0]) // => [0.5, 6]
 */
export const huber = configurable<RegressionLoss, HuberOptions>(
  'huber',
  ['delta', 'outputs'],
  ({ delta = 1, outputs }) => {
    if (!(typeof delta === 'number' && delta > 0))
      throw new ValueError({ op: 'huber', expected: 'a delta above 0', actual: describe(delta) })
    const how = checkedOutputs('huber', outputs)
    return onOutputs('huber', (z, y) => {
      const e = sub(z, y)
      const c = kept(e, delta) // the derivative of c · (e − c/2) is c, at ±δ and at 0 too
      return overOutputs(mul(c, addScaled(e, c, -0.5)), how)
    })
  },
)

export interface SmoothL1Options extends OutputsOptions {
  /** The largest difference with a quadratic loss; 1 by default. With 0 the loss is `mae`. */
  readonly beta: number
}

/**
 * ½ e² / β for differences e = z − y up to β in size, |e| − ½ β beyond, summed over the outputs of each example:
 * `huber` divided by β, so that the slope of its linear part is 1. β is 1; `smoothL1.with({ beta })` sets it. PyTorch's
 * `SmoothL1Loss` is `smoothL1.with({ outputs: 'mean' })`. Output and target of different shapes are a `ShapeError`, a
 * negative β a `ValueError`. Girshick, "Fast R-CNN", 2015.
 *
 * @example
 * import { fromNested, smoothL1, toNested } from 'pullback'
 * const [target, output] = [fromNested([0, 0]), fromNested([1, 4])]
 * toNested(smoothL1.with({ beta: 2 }).none(target)(output)[0]) // => [0.25, 3]
 */
export const smoothL1 = configurable<RegressionLoss, SmoothL1Options>(
  'smoothL1',
  ['beta', 'outputs'],
  ({ beta = 1, outputs }) => {
    if (!isFrom(beta, 0, Number.MAX_VALUE))
      throw new ValueError({ op: 'smoothL1', expected: 'a beta that is not negative', actual: describe(beta) })
    const how = checkedOutputs('smoothL1', outputs)
    const entry = (e: Tensor): Tensor => {
      if ((e.dtype === 'float32' ? Math.fround(beta) : beta) === 0) return abs(e)
      const slope = kept(div(e, full(e.shape, beta, e.dtype)), 1) // 1 / β itself may be too large for the format
      return mul(slope, addScaled(e, kept(e, beta), -0.5))
    }
    return onOutputs('smoothL1', (z, y) => overOutputs(entry(sub(z, y)), how))
  },
)
