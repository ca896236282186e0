import { maskAbove, relu } from '../op/activation/relu.ts'
import { add } from '../op/elementwise/add.ts'
import { shift } from '../op/elementwise/scale.ts'
import { sub } from '../op/elementwise/sub.ts'
import { pick, place } from '../op/indexing/gather.ts'
import { oneHot } from '../op/indexing/oneHot.ts'
import { max } from '../op/reduce/max.ts'
import { full, ones } from '../tensor/create.ts'
import type { Scores } from '../type/classification.ts'
import { type ClassificationLoss, onScores } from './classification.ts'

/**
 * max(0, 1 − (z_y − max_{y′≠y} z_{y′})) for each example: by how much the score of the right class y fails to exceed
 * all others by 1. At a margin of exactly 1 the derivative is 0; of equally high rivals the first counts. A label that
 * names no class is a `ValueError`.
 *
 * @example
 * import { fromNested, item, multiclassHinge } from 'pullback'
 * const [loss] = multiclassHinge(fromNested([0], 'int32'))(fromNested([[2, 1.5, 0]]))
 * item(loss) // => 0.5
 */
export const multiclassHinge: ClassificationLoss = onScores('multiclassHinge', (z, labels) => {
  const classes = z.shape[1]
  const wrong = sub(ones(z.shape, z.dtype), oneHot(labels, classes, z.dtype))
  const lowest = place(full(labels.shape, Number.NEGATIVE_INFINITY, z.dtype), labels, classes) as Scores
  const others = add(maskAbove(z, wrong), lowest) // excludes the right class from its rivals
  return relu(shift(sub(max(others, 1), pick(z, labels)), 1))
})
