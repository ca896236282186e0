import { isFrom } from '../error/options.ts'
import { ValueError } from '../error/tensorError.ts'
import { addScaled } from '../op/elementwise/add.ts'
import { scale } from '../op/elementwise/scale.ts'
import { crossEntropy } from '../op/reduce/crossEntropy.ts'
import { logSoftmax } from '../op/reduce/softmax.ts'
import { broadcast, mean } from '../op/reduce/sum.ts'
import { describe } from '../tensor/data.ts'
import type { Labels, Scores } from '../type/classification.ts'
import {
  type ClassificationLoss,
  type LabelOptions,
  onScores,
  type PerClass,
  times,
  weighed,
} from './classification.ts'
import { configurable, type PerExample } from './loss.ts'

export interface SoftmaxCrossEntropyOptions extends LabelOptions {
  /** The share s of each target that is spread evenly over all classes, including the right one; 0 by default. */
  readonly smoothing: number
}

/** The mean over all classes of the loss if that class were the right one. */
const ofAll = (z: Scores, weights: PerClass | undefined): PerExample => {
  const logs = logSoftmax(z)
  return scale(mean(weights === undefined ? logs : times(logs, broadcast(weights, z.shape)), 1), -1)
}

/**
 * −z_y + log Σ exp z for each example: the negative log-likelihood of the right class y under the softmax of the scores
 * z. (The lecture prints exp where the logarithm of the sum of exponentials is meant.) A label that names no class is a
 * `ValueError`.
 *
 * `softmaxCrossEntropy.with({ smoothing, weights, ignore })`, all optional, is PyTorch's `CrossEntropyLoss`: with l_c
 * the loss if c were the right class and w_c its weight, (1 − s) w_y l_y + s · mean over all classes of w_c l_c; the
 * mean is the sum divided by Σ w_y, without the examples whose label is `ignore`. If that is 0 the mean is a
 * `ValueError`, and so are a smoothing outside [0, 1] and a negative weight; weights for another number of classes are
 * a `ShapeError`.
 *
 * @example
 * import { fromNested, item, softmaxCrossEntropy } from 'pullback'
 * const [loss] = softmaxCrossEntropy(fromNested([0], 'int32'))(fromNested([[0, 0]]))
 * item(loss).toFixed(4) // => '0.6931'
 * const padded = softmaxCrossEntropy.with({ smoothing: 0.1, ignore: -1 })
 * item(padded(fromNested([0, -1], 'int32'))(fromNested([[0, 0], [5, 0]]))[0]).toFixed(4) // => '0.6931'
 */
export const softmaxCrossEntropy = configurable<ClassificationLoss, SoftmaxCrossEntropyOptions>(
  'softmaxCrossEntropy',
  ['smoothing', 'weights', 'ignore'],
  ({ smoothing = 0, ...options }) => {
    if (!isFrom(smoothing, 0, 1))
      throw new ValueError({
        op: 'softmaxCrossEntropy',
        expected: 'a smoothing from 0 to 1',
        actual: describe(smoothing),
      })
    const losses = (z: Scores, labels: Labels, weights: PerClass | undefined): PerExample => {
      if (smoothing === 1) return ofAll(z, weights)
      const right = weighed(crossEntropy(z, labels), labels, weights)
      return smoothing === 0 ? right : addScaled(scale(right, 1 - smoothing), ofAll(z, weights), smoothing)
    }
    return onScores('softmaxCrossEntropy', losses, options)
  },
)
