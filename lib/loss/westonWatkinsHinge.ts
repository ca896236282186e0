import { maskAbove, relu } from '../op/activation/relu.ts'
import { shift } from '../op/elementwise/scale.ts'
import { sub } from '../op/elementwise/sub.ts'
import { pick } from '../op/indexing/gather.ts'
import { oneHot } from '../op/indexing/oneHot.ts'
import { spread, sum } from '../op/reduce/sum.ts'
import { ones } from '../tensor/create.ts'
import type { Scores } from '../type/classification.ts'
import { type ClassificationLoss, onScores } from './classification.ts'

/**
 * Σ_{y′≠y} max(0, 1 − (z_y − z_{y′})) for each example: by how much the score of the right class y fails to exceed each
 * other score by 1, summed; `multiclassHinge` takes only the largest. (PyTorch's `MultiMarginLoss` is this divided by
 * the number of classes.) At a margin of exactly 1 the derivative is 0. A label that names no class is a `ValueError`.
 * Weston and Watkins, "Support vector machines for multi-class pattern recognition", 1999.
 *
 * @example
 * import { fromNested, item, westonWatkinsHinge } from 'pullback'
 * const [loss] = westonWatkinsHinge(fromNested([0], 'int32'))(fromNested([[2, 1.5, 1.25]]))
 * item(loss) // => 0.75
 */
export const westonWatkinsHinge: ClassificationLoss = onScores('westonWatkinsHinge', (z, labels) => {
  const wrong = sub(ones(z.shape, z.dtype), oneHot(labels, z.shape[1], z.dtype))
  const lacking = relu(shift(sub(z, spread(pick(z, labels), [1], z.shape) as Scores), 1))
  return sum(maskAbove(lacking, wrong), 1)
})
