import { ShapeError, ValueError } from '../error/tensorError.ts'
import { argmax } from '../op/reduce/max.ts'
import { fromArray } from '../tensor/from.ts'
import { checkLabels } from '../tensor/label.ts'
import { showShape } from '../tensor/shape.ts'
import { toArray } from '../tensor/to.ts'
import type { Labels, Scores } from '../type/classification.ts'
import type { Tensor } from '../type/tensor.ts'

/** Checks that there is a row of scores for each label, and that labels name classes. */
export const checkScores = (op: string, scores: Scores, labels: Labels): void => {
  if (scores.shape.length !== 2 || labels.shape.length !== 1 || scores.shape[0] !== labels.shape[0])
    throw new ShapeError({
      op,
      expected: 'scores [batch, classes] and labels [batch]',
      actual: `${showShape(scores.shape)} and ${showShape(labels.shape)}`,
    })
  checkLabels(op, labels, scores.shape[1])
}

/** Checks that the batch is not empty, since a share of no examples is not defined. */
export const checkSome = (op: string, labels: Labels): void => {
  if (labels.size === 0)
    throw new ValueError({ op, expected: 'at least one example', actual: 'an empty batch', code: 'empty-batch' })
}

/** The class with the highest score for each example; −1 where a score is NaN. */
const predicted = (op: string, scores: Scores, labels: Labels): readonly number[] => {
  checkScores(op, scores, labels)
  const [all, classes] = [toArray(scores), scores.shape[1]]
  // argmax treats NaN as the largest.
  return toArray(argmax(scores, 1)).map((c, i) => (Number.isNaN(all[i * classes + c]) ? -1 : c))
}

/**
 * The share of examples whose right class has the highest score, from 0 to 1. Of equal scores the first counts. An
 * example with a NaN among its scores has no predicted class and counts as wrong. An empty batch is a `ValueError`.
 *
 * @example
 * import { fromNested, metric } from 'pullback'
 * metric.accuracy(fromNested([[1, 2], [4, 3]]), fromNested([1, 1], 'int32')) // => 0.5
 */
export const accuracy = (scores: Scores, labels: Labels): number => {
  const [found, right] = [predicted('accuracy', scores, labels), toArray(labels)]
  checkSome('accuracy', labels)
  return found.filter((c, i) => c === right[i]).length / right.length
}

/**
 * Counts how often each class (row) was predicted as each class (column): right predictions are on the diagonal. An
 * example with a NaN among its scores has no predicted class and is not counted.
 *
 * @example
 * import { fromNested, metric, toNested } from 'pullback'
 * toNested(metric.confusionMatrix(fromNested([[1, 2], [4, 3]]), fromNested([1, 1], 'int32'))) // => [[0, 0], [1, 1]]
 */
export const confusionMatrix = (scores: Scores, labels: Labels): Tensor<readonly [number, number]> =>
  confusion('confusionMatrix', scores, labels)

/** The confusion matrix, for a metric made of it. */
export const confusion = (op: string, scores: Scores, labels: Labels): Tensor<readonly [number, number]> => {
  const classes = scores.shape[1]
  const found = predicted(op, scores, labels)
  const counts = new Array<number>(classes * classes).fill(0)
  for (const [i, right] of toArray(labels).entries())
    if ((found[i] as number) >= 0) (counts[right * classes + (found[i] as number)] as number) += 1
  return fromArray(counts, [classes, classes], 'float64') as unknown as Tensor<readonly [number, number]>
}
