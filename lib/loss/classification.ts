import type { Diff } from '../diff/diff.ts'
import { ShapeError } from '../error/tensorError.ts'
import { sameShape, showShape } from '../tensor/shape.ts'
import type { Labels, Scores } from '../type/classification.ts'
import type { AnyTensor, Tensor } from '../type/tensor.ts'
import { reductions, type Scalar } from './loss.ts'

/** A loss on scores [batch, classes] whose target is class labels [batch]. */
export interface ClassificationLoss {
  <Y extends Scores>(labels: Labels): Diff<Y, Scalar>
  readonly lossName: string
  readonly mean: <Y extends Scores>(labels: Labels) => Diff<Y, Scalar>
  readonly sum: <Y extends Scores>(labels: Labels) => Diff<Y, Scalar>
  readonly none: <Y extends Scores>(labels: Labels) => Diff<Y, Tensor<readonly [number]>>
}

/** A classification loss from the loss of each example. */
export const onScores = (
  op: string,
  perExample: (scores: Scores, labels: Labels) => Tensor<readonly [number]>,
): ClassificationLoss =>
  reductions(op, (scores: Tensor, labels: AnyTensor) => {
    if (scores.shape.length !== 2 || !sameShape(labels.shape, scores.shape.slice(0, 1)))
      throw new ShapeError({
        op,
        expected: 'scores [batch, classes] and labels [batch]',
        actual: `${showShape(scores.shape)} and ${showShape(labels.shape)}`,
      })
    return perExample(scores as Scores, labels as Labels)
  }) as unknown as ClassificationLoss
