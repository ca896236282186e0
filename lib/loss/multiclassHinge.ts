import { pick, place } from '../op/gather.ts'
import { max } from '../op/max.ts'
import { relu } from '../op/relu.ts'
import { shift } from '../op/scale.ts'
import { sub } from '../op/sub.ts'
import { full } from '../tensor/create.ts'
import type { Tensor } from '../type/tensor.ts'
import { type ClassificationLoss, onScores } from './classification.ts'

/**
 * max(0, 1 − (z_y − max_{y′≠y} z_{y′})) for each example: how far the score of the right class y is from leading all others
 * by 1. The mean over the batch; `.sum` and `.none` are the sum and the losses themselves. At a margin of exactly 1 the
 * derivative is 0; of equally high rivals the first counts. A label that names no class is a `ValueError`.
 *
 * @example
 * import { fromNested, item, multiclassHinge } from 'pullback'
 * const [loss] = multiclassHinge(fromNested([0], 'int32'))(fromNested([[2, 1.5, 0]]))
 * item(loss) // => 0.5
 */
export const multiclassHinge: ClassificationLoss = onScores('multiclassHinge', (z, labels) => {
  const right = pick(z, labels)
  const others = sub(
    z,
    place(full(labels.shape, Number.POSITIVE_INFINITY, z.dtype), labels, z.shape[1]) as Tensor<
      readonly [number, number]
    >,
  )
  return relu(shift(sub(max(others, 1), right), 1))
})
