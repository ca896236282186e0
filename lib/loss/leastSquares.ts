import { mul } from '../op/mul.ts'
import { sub } from '../op/sub.ts'
import { onOutputs, overOutputs, type RegressionLoss } from './regression.ts'

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
  return overOutputs(mul(difference, difference))
})
