import { ShapeError } from '../error/tensorError.ts'
import { mul } from '../op/mul.ts'
import { sub } from '../op/sub.ts'
import { sum } from '../op/sum.ts'
import { notATensor, sameDType } from '../tensor/data.ts'
import { sameShape, showShape } from '../tensor/shape.ts'
import { isTensor } from '../tensor/view.ts'
import type { FitsShape, ShowShape } from '../type/shape.ts'
import type { Tensor } from '../type/tensor.ts'
import { defineLoss, type PerExample, type Scalar } from './loss.ts'

/** What is given back for an output that fits the target. */
type OnOutput<T extends Tensor, R> = <Y extends Tensor>(
  output: FitsShape<T['shape'], Y['shape']> extends true
    ? Y
    : `a target ${ShowShape<T['shape']>} for an output ${ShowShape<Y['shape']>}`,
) => readonly [value: R, pullback: (d: R) => Y]

/** A loss whose target is of the shape of the output. */
export interface RegressionLoss {
  <T extends Tensor>(target: T): OnOutput<T, Scalar>
  readonly mean: <T extends Tensor>(target: T) => OnOutput<T, Scalar>
  readonly sum: <T extends Tensor>(target: T) => OnOutput<T, Scalar>
  readonly none: <T extends Tensor>(target: T) => OnOutput<T, PerExample>
}

/** A regression loss from the loss of each example. */
export const onOutputs = (op: string, perExample: (output: Tensor, target: Tensor) => PerExample): RegressionLoss =>
  defineLoss<Tensor, Tensor>(op, (z, y) => {
    for (const given of [z, y]) if (!isTensor(given)) throw notATensor(op, given)
    if (!sameShape(z.shape, y.shape))
      throw new ShapeError({
        op,
        expected: `a target ${showShape(z.shape)}, as the output`,
        actual: showShape(y.shape),
      })
    sameDType(`${op}, output and target`, z, y)
    return perExample(z, y)
  }) as unknown as RegressionLoss

/**
 * ‖y − z‖² for each example: the sum of squared differences between target y and output z. The mean over the batch;
 * `.sum` and `.none` are the sum and the losses themselves. (PyTorch's `MSELoss` also takes the mean over the outputs.) Output and
 * target of different shapes are a `ShapeError`, a NaN among the targets a `ValueError`.
 *
 * @example
 * import { fromNested, item, leastSquares, toNested } from 'pullback'
 * const [loss] = leastSquares(fromNested([[1, 2], [3, 4]]))(fromNested([[1, 3], [3, 2]]))
 * item(loss) // => 2.5
 * toNested(leastSquares.none(fromNested([[1, 2]]))(fromNested([[1, 3]]))[0]) // => [1]
 */
export const leastSquares: RegressionLoss = onOutputs('leastSquares', (z, y) => {
  const difference = sub(z, y)
  const features = z.shape.map((_, i) => i).slice(1)
  return sum(mul(difference, difference), features) as PerExample
})
