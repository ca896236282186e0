import { log } from '../op/elementwise/log.ts'
import { mul } from '../op/elementwise/mul.ts'
import { neg } from '../op/elementwise/neg.ts'
import { where } from '../op/elementwise/where.ts'
import { ones } from '../tensor/create.ts'
import { checkProbabilities } from './probability.ts'
import { onOutputs, overOutputs, type RegressionLoss } from './regression.ts'

/**
 * −Σ y log p for each example: outputs p are class probabilities, as from `softmax`, targets y a distribution over the
 * classes, such as rows of `oneHot`. Where y is 0 the term is 0 with derivative 0, even for p = 0; where only p is 0,
 * the loss is Infinity: nothing is clipped. It does not check that p sums to 1. For scores, `softmaxCrossEntropy` is
 * faster and exact where p would be 0. Output and target of different shapes are a `ShapeError`, numbers outside [0, 1]
 * a `ValueError`.
 *
 * @example
 * import { categoricalCrossEntropy, fromNested, item } from 'pullback'
 * const [loss] = categoricalCrossEntropy(fromNested([[1, 0]]))(fromNested([[0.5, 0.5]]))
 * item(loss).toFixed(4) // => '0.6931'
 */
export const categoricalCrossEntropy: RegressionLoss = onOutputs('categoricalCrossEntropy', (p, y) => {
  checkProbabilities('categoricalCrossEntropy', 'outputs', p)
  checkProbabilities('categoricalCrossEntropy', 'targets', y)
  return neg(overOutputs(mul(y, log(where(y, p, ones(p.shape, p.dtype)))), 'sum'))
})
