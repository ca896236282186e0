import { crossEntropy } from '../op/crossEntropy.ts'
import { type ClassificationLoss, onScores } from './classification.ts'

/**
 * −z_y + log Σ exp z for each example: the negative log-likelihood of the right class y under the softmax of the scores z.
 * The mean over the batch; `.sum` and `.none` are the sum and the losses themselves. (The lecture prints exp where the
 * logarithm of the sum of exponentials is meant.) A label that names no class is a `ValueError`.
 *
 * @example
 * import { fromNested, item, softmaxCrossEntropy } from 'pullback'
 * const [loss] = softmaxCrossEntropy(fromNested([0], 'int32'))(fromNested([[0, 0]]))
 * item(loss).toFixed(4) // => '0.6931'
 */
export const softmaxCrossEntropy: ClassificationLoss = onScores('softmaxCrossEntropy', crossEntropy)
