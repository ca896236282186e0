import type { Diff } from '../diff/diff.ts'
import { ShapeError } from '../error/tensorError.ts'
import { mul } from '../op/mul.ts'
import { sub } from '../op/sub.ts'
import { sum } from '../op/sum.ts'
import { sameShape, showShape } from '../tensor/shape.ts'
import type { Tensor } from '../type/tensor.ts'
import { reductions, type Scalar } from './loss.ts'

/** A loss whose target is of the shape of the output. */
export interface RegressionLoss {
  <Y extends Tensor>(target: Y): Diff<Y, Scalar>
  readonly lossName: string
  readonly mean: <Y extends Tensor>(target: Y) => Diff<Y, Scalar>
  readonly sum: <Y extends Tensor>(target: Y) => Diff<Y, Scalar>
  readonly none: <Y extends Tensor>(target: Y) => Diff<Y, Tensor<readonly [number]>>
}

/**
 * ‖y − z‖² for each example: the sum of squared differences between target y and output z. The mean over the batch;
 * `.sum` and `.none` are the sum and the losses themselves. Output and target of different shapes are a `ShapeError`, a NaN
 * among the targets a `ValueError`.
 *
 * @example
 * import { fromNested, item, leastSquares, toNested } from 'pullback'
 * const [loss] = leastSquares(fromNested([[1, 2], [3, 4]]))(fromNested([[1, 3], [3, 2]]))
 * item(loss) // => 2.5
 * toNested(leastSquares.none(fromNested([[1, 2]]))(fromNested([[1, 3]]))[0]) // => [1]
 */
export const leastSquares = reductions('leastSquares', (z, y) => {
  if (!sameShape(z.shape, y.shape))
    throw new ShapeError({
      op: 'leastSquares',
      expected: `a target ${showShape(z.shape)}, as the output`,
      actual: showShape(y.shape),
    })
  const difference = sub(z, y as Tensor)
  const axes = z.shape.map((_, i) => i).slice(1)
  return sum(mul(difference, difference), axes) as Tensor<readonly [number]>
}) as unknown as RegressionLoss
