import { unboxed } from '../diff/boxed.ts'
import { ShapeError } from '../error/tensorError.ts'
import { floatDType, indexDType } from '../tensor/data.ts'
import { checkLabels } from '../tensor/label.ts'
import { sameShape, showShape } from '../tensor/shape.ts'
import type { Labels, Scores } from '../type/classification.ts'
import { defineLoss, type PerExample, type Scalar } from './loss.ts'

type OnScores<R> = <Y extends Scores>(scores: Y) => readonly [value: R, pullback: (d: R) => Y]

/** A loss on scores [batch, classes] whose target is class labels [batch]. */
export interface ClassificationLoss {
  (labels: Labels): OnScores<Scalar>
  readonly mean: (labels: Labels) => OnScores<Scalar>
  readonly sum: (labels: Labels) => OnScores<Scalar>
  readonly none: (labels: Labels) => OnScores<PerExample>
}

/** A classification loss from the loss of each example. */
export const onScores = (op: string, perExample: (scores: Scores, labels: Labels) => PerExample): ClassificationLoss =>
  defineLoss<Scores, Labels>(op, (scores, labels) => {
    floatDType(op, scores)
    indexDType(op, labels)
    if (scores.shape.length !== 2 || !sameShape(labels.shape, scores.shape.slice(0, 1)))
      throw new ShapeError({
        op,
        expected: 'scores [batch, classes] and labels [batch]',
        actual: `${showShape(scores.shape)} and ${showShape(labels.shape)}`,
      })
    checkLabels(op, unboxed(labels), scores.shape[1])
    return perExample(scores, labels)
  }) as unknown as ClassificationLoss
