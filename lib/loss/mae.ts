import { abs } from '../op/elementwise/abs.ts'
import { sub } from '../op/elementwise/sub.ts'
import { configurable } from './loss.ts'
import { checkedOutputs, type OutputsOptions, onOutputs, overOutputs, type RegressionLoss } from './regression.ts'

/**
 * Σ |y − z| for each example: the absolute differences between target y and output z, summed over the outputs.
 * `mae.with({ outputs: 'mean' })` takes the mean over the outputs too, and so over all entries, as PyTorch's `L1Loss`.
 * Where both are equal the derivative is 0. Output and target of different shapes are a `ShapeError`.
 *
 * @example
 * import { fromNested, item, mae } from 'pullback'
 * const [target, output] = [fromNested([[1, 2], [3, 4]]), fromNested([[1, 3], [3, 2]])]
 * item(mae(target)(output)[0]) // => 1.5
 * item(mae.with({ outputs: 'mean' })(target)(output)[0]) // => 0.75
 */
export const mae = configurable<RegressionLoss, OutputsOptions>('mae', ['outputs'], ({ outputs }) => {
  const how = checkedOutputs('mae', outputs)
  return onOutputs('mae', (z, y) => overOutputs(abs(sub(z, y)), how))
})
