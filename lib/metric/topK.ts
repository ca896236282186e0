import { ValueError } from '../error/tensorError.ts'
import { describe } from '../tensor/data.ts'
import { toArray } from '../tensor/to.ts'
import type { Labels, Scores } from '../type/classification.ts'
import { checkScores, checkSome } from './classification.ts'
import { type Share, type Streaming, shareOf } from './streaming.ts'

const checkK = (k: number, classes: number): void => {
  if (!Number.isInteger(k) || k < 1 || k > classes)
    throw new ValueError({ op: 'topK', expected: `a whole k from 1 to ${classes}`, actual: describe(k) })
}

/** The examples whose right class is among the k with the highest scores. */
const among = (scores: Scores, labels: Labels, k: number): Share => {
  checkScores('topK', scores, labels)
  const classes = scores.shape[1]
  checkK(k, classes)
  const all = toArray(scores)
  const right = toArray(labels)
  const rank = (label: number, i: number): number | undefined => {
    const row = all.slice(i * classes, (i + 1) * classes)
    const own = row[label] as number
    if (row.some(Number.isNaN)) return undefined
    return row.filter((s, c) => s > own || (c < label && s === own)).length
  }
  return { right: right.filter((label, i) => (rank(label, i) ?? k) < k).length, examples: right.length }
}

const streamed = (k: number): Streaming<Scores, Labels, Share> =>
  shareOf(
    (scores, labels) => among(scores, labels, k),
    (examples) => checkSome('topK', examples),
  )

/**
 * The share of examples whose right class is among the k with the highest scores, from 0 to 1; `accuracy` for k = 1. Of
 * equal scores the first counts as higher. An example with a NaN among its scores has no ranks and counts as wrong. With
 * k alone it is a metric that streams over minibatches. An empty batch, and a k that is not a whole number from 1 to the
 * number of classes, are a `ValueError`.
 *
 * @example
 * import { fromNested, metric } from 'pullback'
 * const scores = fromNested([[3, 2, 1], [3, 2, 1]])
 * metric.topK(scores, fromNested([1, 2], 'int32'), 2) // => 0.5
 * metric.topK(2)(scores, fromNested([1, 2], 'int32')) // => 0.5
 */
export function topK(k: number): Streaming<Scores, Labels, Share>
export function topK(scores: Scores, labels: Labels, k: number): number
export function topK(first: Scores | number, labels?: Labels, k?: number): unknown {
  if (labels === undefined) {
    checkK(first as number, Number.POSITIVE_INFINITY)
    return streamed(first as number)
  }
  return streamed(k as number)(first as Scores, labels)
}
