import { log } from '../op/elementwise/log.ts'
import { mul } from '../op/elementwise/mul.ts'
import { sub } from '../op/elementwise/sub.ts'
import { where } from '../op/elementwise/where.ts'
import { ones, zeros } from '../tensor/create.ts'
import { checkProbabilities } from './probability.ts'
import { onOutputs, overOutputs, type RegressionLoss } from './regression.ts'

/**
 * Σ y (log y − x) for each example: the divergence of the distribution with log-probabilities x, the output (as from
 * `logSoftmax`), from the target distribution y, given as probabilities; as PyTorch's `kl_div`. Where y is 0 the term
 * and its derivatives are 0. The mean is PyTorch's reduction `batchmean`. Output and target of different shapes are a
 * `ShapeError`, a target outside [0, 1] a `ValueError`.
 *
 * @example
 * import { fromNested, item, klDivergence, op } from 'pullback'
 * const [divergence] = klDivergence(fromNested([[1, 0]]))(op.log(fromNested([[0.5, 0.5]])))
 * item(divergence).toFixed(4) // => '0.6931'
 */
export const klDivergence: RegressionLoss = onOutputs('klDivergence', (x, y) => {
  checkProbabilities('klDivergence', 'targets', y)
  const [target, logs] = [where(y, y, ones(y.shape, y.dtype)), where(y, x, zeros(x.shape, x.dtype))]
  return overOutputs(mul(y, sub(log(target), logs)), 'sum')
})
