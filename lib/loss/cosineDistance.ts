import { untraced } from '../diff/untraced.ts'
import { maskAbove } from '../op/activation/relu.ts'
import { abs } from '../op/elementwise/abs.ts'
import { add } from '../op/elementwise/add.ts'
import { div } from '../op/elementwise/div.ts'
import { maximum } from '../op/elementwise/maximum.ts'
import { mul } from '../op/elementwise/mul.ts'
import { neg } from '../op/elementwise/neg.ts'
import { scale, shift } from '../op/elementwise/scale.ts'
import { sqrt } from '../op/elementwise/sqrt.ts'
import { sub } from '../op/elementwise/sub.ts'
import { where } from '../op/elementwise/where.ts'
import { max } from '../op/reduce/max.ts'
import { spread, sum } from '../op/reduce/sum.ts'
import { reshape } from '../op/shape/reshape.ts'
import { full, ones } from '../tensor/create.ts'
import type { Tensor } from '../type/tensor.ts'
import type { PerExample } from './loss.ts'
import { onOutputs, overOutputs, type RegressionLoss } from './regression.ts'

type Rows = Tensor<readonly [number, number]>

/**
 * The rows divided by their lengths. They are scaled by their largest entries first, so that squares neither overflow
 * nor vanish; as a direction does not depend on the scale, it counts as a constant. Rows of zeros stay zeros, with
 * derivative 0.
 */
const directions = (x: Rows): Rows => {
  const each = (size: PerExample): Rows => spread(size, [1], x.shape) as Rows
  const all = (k: number): PerExample => full([x.shape[0]], k, x.dtype)
  const largest = max(abs(untraced(x)), 1)
  const rows = div(x, each(where(largest, largest, all(Number.POSITIVE_INFINITY))))
  const squares = maximum(sum(mul(rows, rows), 1), all(0.5)) // at least 1, except for rows of zeros
  return div(rows, each(sqrt(squares)))
}

/** 1 for each row of zeros, 0 for other directions. */
const lacking = (direction: Rows): PerExample => {
  const found = maskAbove(ones([direction.shape[0]], direction.dtype), sum(mul(direction, direction), 1), 0.5)
  return shift(neg(found), 1)
}

/**
 * 1 − y · z / (‖y‖ ‖z‖) for each example: 0 where output z and target y, as vectors, have the same direction, 2 where
 * they are opposite, whatever their lengths; computed as ½ ‖y/‖y‖ − z/‖z‖‖², so that small distances keep their digits
 * and none is below 0. PyTorch's `CosineEmbeddingLoss` for pairs with label 1. A vector of zeros has the distance 1
 * from all, with derivative 0; vectors without entries have the distance 0. Output and target of different shapes are a
 * `ShapeError`.
 *
 * @example
 * import { cosineDistance, fromNested, toNested } from 'pullback'
 * toNested(cosineDistance.none(fromNested([[1, 0], [1, 0]]))(fromNested([[5, 0], [0, 2]]))[0]) // => [0, 1]
 */
export const cosineDistance: RegressionLoss = onOutputs('cosineDistance', (z, y) => {
  const [batch = 1, ...outputs] = z.shape
  const entries = outputs.reduce((a, b) => a * b, 1)
  if (entries === 0) return overOutputs(sub(z, y), 'sum')
  const [a, b] = [z, y].map((x) => directions(reshape(x, [batch, entries]) as Rows)) as [Rows, Rows]
  const apart = sub(a, b)
  return scale(add(sum(mul(apart, apart), 1), add(lacking(a), lacking(b))), 0.5)
})
