import { abs } from '../op/abs.ts'
import { sub } from '../op/sub.ts'
import { onOutputs, overOutputs, type RegressionLoss } from './regression.ts'

/**
 * Σ |y − z| for each example: the absolute differences between target y and output z, summed over the outputs. The mean over
 * the batch; `.sum` and `.none` are the sum and the losses themselves. (PyTorch's `L1Loss` also takes the mean over the
 * outputs.) Where both are equal the derivative is 0. Output and target of different shapes are a `ShapeError`.
 *
 * @example
 * import { fromNested, item, mae } from 'pullback'
 * const [loss] = mae(fromNested([[1, 2], [3, 4]]))(fromNested([[1, 3], [3, 2]]))
 * item(loss) // => 1.5
 */
export const mae: RegressionLoss = onOutputs('mae', (z, y) => overOutputs(abs(sub(z, y))))
