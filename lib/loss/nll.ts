import { neg } from '../op/elementwise/neg.ts'
import { pick } from '../op/indexing/gather.ts'
import { type ClassificationLoss, type LabelOptions, onScores, weighed } from './classification.ts'
import { configurable } from './loss.ts'

/**
 * −x_y for each example: the negative log-likelihood of the right class y, where the output x holds log-probabilities,
 * as from `logSoftmax`. A label that names no class is a `ValueError`. `nll.with({ weights, ignore })`, both optional,
 * is PyTorch's `NLLLoss`: losses are multiplied by the weight of the right class, and the mean divides by the sum of
 * these weights, without the examples whose label is `ignore`.
 *
 * @example
 * import { fromNested, item, nll } from 'pullback'
 * const output = fromNested([[-1, -2], [-3, -4]])
 * item(nll(fromNested([0, 1], 'int32'))(output)[0]) // => 2.5
 * item(nll.with({ weights: [1, 3] })(fromNested([0, 1], 'int32'))(output)[0]) // => 3.25
 */
export const nll = configurable<ClassificationLoss, LabelOptions>('nll', ['weights', 'ignore'], (options) =>
  onScores('nll', (x, labels, weights) => weighed(neg(pick(x, labels)), labels, weights), options),
)
