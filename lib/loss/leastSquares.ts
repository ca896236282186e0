import { mul } from '../op/elementwise/mul.ts'
import { sub } from '../op/elementwise/sub.ts'
import type { Tensor } from '../type/tensor.ts'
import { onOutputs, overOutputs, type RegressionLoss } from './regression.ts'

const squares = (z: Tensor, y: Tensor): Tensor => {
  const difference = sub(z, y)
  return mul(difference, difference)
}

/**
 * ‖y − z‖² for each example: the sum of squared differences between target y and output z. PyTorch's `MSELoss` is
 * `mse`, the mean over the outputs too. Output and target of different shapes are a `ShapeError`, a NaN among the
 * targets a `ValueError`.
 *
 * @example
 * import { fromNested, item, leastSquares, toNested } from 'pullback'
 * const [loss] = leastSquares(fromNested([[1, 2], [3, 4]]))(fromNested([[1, 3], [3, 2]]))
 * item(loss) // => 2.5
 * toNested(leastSquares.none(fromNested([[1, 2]]))(fromNested([[1, 3]]))[0]) // => [1]
 */
export const leastSquares: RegressionLoss = onOutputs('leastSquares', (z, y) => overOutputs(squares(z, y), 'sum'))

/**
 * The mean over all entries of (y − z)², for target y and output z, as PyTorch's `MSELoss`: the loss of an example is
 * the mean over its outputs, that is `leastSquares` divided by their number. Output and target of different shapes are
 * a `ShapeError`, a NaN among the targets a `ValueError`.
 *
 * @example
 * import { fromNested, item, mse } from 'pullback'
 * const [loss] = mse(fromNested([[1, 2], [3, 4]]))(fromNested([[1, 3], [3, 2]]))
 * item(loss) // => 1.25
 */
export const mse: RegressionLoss = onOutputs('mse', (z, y) => overOutputs(squares(z, y), 'mean'))
