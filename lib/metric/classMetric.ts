import * as O from '#fp/Option'
import { toArray } from '../tensor/to.ts'
import type { Labels, Scores } from '../type/classification.ts'
import { checkSome, confusion, together } from './classification.ts'
import { mapValue, type Streaming, streaming } from './streaming.ts'

/** The counts of a class: true positives, predicted positives, and actual positives. */
export type ClassCounts = { readonly hits: number; readonly found: number; readonly right: number }

type OfClasses<V> = Streaming<Scores, Labels, readonly ClassCounts[], V>

/** A ratio for each class of scores [batch, classes], and its averages. Called, it is the macro average. */
export interface ClassMetric extends OfClasses<number> {
  /** The mean over the classes that occur among labels or predictions; a ratio of no examples counts as 0. */
  readonly macro: OfClasses<number>
  /** The ratio over the examples of all classes together. */
  readonly micro: OfClasses<number>
  /** The ratio for each class; `none` for a ratio of no examples. */
  readonly perClass: OfClasses<readonly O.Option<number>[]>
}

const total = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)

/** A metric of each class, defined as the ratio `part` / `whole` of its counts. */
const classMetric = (op: string, part: (c: ClassCounts) => number, whole: (c: ClassCounts) => number): ClassMetric => {
  const of = (scores: Scores, labels: Labels): readonly ClassCounts[] => {
    const matrix = confusion(op, scores, labels)
    const all = toArray(labels)
    return matrix.map((row, c) => ({
      hits: row[c] as number,
      found: total(matrix.map((r) => r[c] as number)),
      right: all.filter((label) => label === c).length, // includes examples without a predicted class
    }))
  }
  const added = (a: ClassCounts, b: ClassCounts): ClassCounts => ({
    hits: a.hits + b.hits,
    found: a.found + b.found,
    right: a.right + b.right,
  })
  const saying = <V>(value: (counts: readonly ClassCounts[]) => V): OfClasses<V> =>
    streaming({
      empty: [],
      of,
      concat: (a: readonly ClassCounts[], b: readonly ClassCounts[]) => together(op, a, b, added),
      value: (counts: readonly ClassCounts[]) => {
        checkSome(op, total(counts.map(({ right }) => right)))
        return value(counts)
      },
    })
  const macro = saying((counts) => {
    const occurring = counts.filter(({ found, right }) => found + right > 0)
    return total(occurring.map((c) => (whole(c) === 0 ? 0 : part(c) / whole(c)))) / occurring.length
  })
  const micro = saying((counts) => {
    const among = total(counts.map(whole))
    return among === 0 ? 0 : total(counts.map(part)) / among
  })
  const perClass = saying((counts) => counts.map((c) => (whole(c) === 0 ? O.none : O.some(part(c) / whole(c)))))
  return Object.assign(
    mapValue(macro, (value) => value),
    { macro, micro, perClass },
  )
}

/**
 * Precision: of the examples predicted to be of a class, the share that are, from 0 to 1. Called, it is the mean over
 * the classes that occur among labels or predictions (`.macro`, where a class never predicted counts as 0, as in
 * scikit-learn); `.micro` is the share over all examples, which is the accuracy; `.perClass` gives an `Option` for each
 * class, `none` for a class never predicted. Of equal scores the first counts; an example with a NaN among its scores
 * has no predicted class. An empty batch and a label that names no class are a `ValueError`.
 *
 * @example
 * import { fromNested, metric } from 'pullback'
 * import { some } from 'fp-ts/lib/Option.js'
 * const scores = fromNested([[1, 0], [1, 0], [0, 1]])
 * const labels = fromNested([0, 1, 1], 'int32')
 * metric.precision(scores, labels) // => 0.75
 * metric.precision.perClass(scores, labels) // => [some(0.5), some(1)]
 */
export const precision: ClassMetric = classMetric(
  'precision',
  ({ hits }) => hits,
  ({ found }) => found,
)

/**
 * Recall: of the examples of a class, the share predicted to be of it, from 0 to 1. Called, it is the mean over the
 * classes that occur among labels or predictions (`.macro`, where a class without examples counts as 0, as in
 * scikit-learn); `.micro` is the share over all examples, which is the accuracy; `.perClass` gives an `Option` for each
 * class, `none` for a class without examples. Of equal scores the first counts; an example with a NaN among its scores
 * has no predicted class. An empty batch and a label that names no class are a `ValueError`.
 *
 * @example
 * import { fromNested, metric } from 'pullback'
 * metric.recall(fromNested([[1, 0], [1, 0], [0, 1]]), fromNested([0, 1, 1], 'int32')) // => 0.75
 */
export const recall: ClassMetric = classMetric(
  'recall',
  ({ hits }) => hits,
  ({ right }) => right,
)

/**
 * F1 score: the harmonic mean of precision and recall of a class, which is twice its true positives divided by the sum
 * of its predicted and its actual examples. Called, it is the mean over the classes that occur among labels or
 * predictions (`.macro`, as in scikit-learn); `.micro` is that over all examples, which is the accuracy; `.perClass`
 * gives an `Option` for each class, `none` for a class that does not occur. Of equal scores the first counts; an
 * example with a NaN among its scores has no predicted class. An empty batch and a label that names no class are a
 * `ValueError`.
 *
 * @example
 * import { fromNested, metric } from 'pullback'
 * metric.f1(fromNested([[1, 0], [1, 0], [0, 1]]), fromNested([0, 1, 1], 'int32')).toFixed(4) // => '0.6667'
 */
export const f1: ClassMetric = classMetric(
  'f1',
  ({ hits }) => 2 * hits,
  ({ found, right }) => found + right,
)
