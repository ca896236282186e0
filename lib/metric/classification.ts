import { ShapeError, ValueError } from '../error/tensorError.ts'
import { argmax } from '../op/reduce/max.ts'
import { fromArray } from '../tensor/from.ts'
import { checkLabels } from '../tensor/label.ts'
import { showShape } from '../tensor/shape.ts'
import { toArray } from '../tensor/to.ts'
import type { Labels, Scores } from '../type/classification.ts'
import type { Tensor } from '../type/tensor.ts'
import { type Share, type Streaming, shareOf, streaming } from './streaming.ts'

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

/** Checks that there are examples, since a share of none is not defined. */
export const checkSome = (op: string, examples: number): void => {
  if (examples === 0)
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
export const accuracy: Streaming<Scores, Labels, Share> = shareOf(
  (scores, labels) => {
    const [found, right] = [predicted('accuracy', scores, labels), toArray(labels)]
    return { right: found.filter((c, i) => c === right[i]).length, examples: right.length }
  },
  (examples) => checkSome('accuracy', examples),
)

/**
 * Counts how often each class (row) was predicted as each class (column): right predictions are on the diagonal. An
 * example with a NaN among its scores has no predicted class and is not counted.
 *
 * @example
 * import { fromNested, metric, toNested } from 'pullback'
 * toNested(metric.confusionMatrix(fromNested([[1, 2], [4, 3]]), fromNested([1, 1], 'int32'))) // => [[0, 0], [1, 1]]
 */
export const confusionMatrix: Streaming<Scores, Labels, Table, Tensor<readonly [number, number]>> = streaming({
  empty: [],
  of: (scores: Scores, labels: Labels) => confusion('confusionMatrix', scores, labels),
  concat: (a: Table, b: Table) => together('confusionMatrix', a, b, (x, y) => together('', x, y, (m, n) => m + n)),
  value: (table: Table) =>
    fromArray(table.flat(), [table.length, table.length], 'float64') as unknown as Tensor<readonly [number, number]>,
})

/** Counts, a row for each class. */
type Table = readonly (readonly number[])[]

/** Two lists over the same classes as one, entry by entry; the empty list is neutral. */
export const together = <A>(op: string, a: readonly A[], b: readonly A[], f: (x: A, y: A) => A): readonly A[] => {
  if (a.length === 0 || b.length === 0) return a.length === 0 ? b : a
  if (a.length !== b.length)
    throw new ShapeError({ op, expected: `minibatches of ${a.length} classes`, actual: `one of ${b.length}` })
  return a.map((x, i) => f(x, b[i] as A))
}

/** How often each class (row) was predicted as each class (column). */
export const confusion = (op: string, scores: Scores, labels: Labels): Table => {
  const classes = scores.shape[1]
  const found = predicted(op, scores, labels)
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0))
  for (const [i, right] of toArray(labels).entries())
    if ((found[i] as number) >= 0) ((counts[right] as number[])[found[i] as number] as number) += 1
  return counts
}
