import * as O from '#fp/Option'
import { ShapeError, ValueError } from '../error/tensorError.ts'
import { floatDType } from '../tensor/data.ts'
import { checkLabels } from '../tensor/label.ts'
import { sameShape, showShape } from '../tensor/shape.ts'
import { toArray } from '../tensor/to.ts'
import type { Labels } from '../type/classification.ts'
import type { Tensor } from '../type/tensor.ts'
import { type Streaming, streaming } from './streaming.ts'

/** The indices of numbers in ascending order, with equal numbers grouped. */
const groups = (xs: readonly number[]): readonly (readonly number[])[] => {
  const found: number[][] = []
  let last: number | undefined
  for (const i of [...xs.keys()].sort((a, b) => (xs[a] as number) - (xs[b] as number))) {
    if (xs[i] === last) found[found.length - 1]?.push(i)
    else found.push([i])
    last = xs[i]
  }
  return found
}

/**
 * The area under the receiver operating characteristic curve: the share of pairs of an example of class 1 and one of
 * class 0 in which class 1 has the higher score; a tie counts half. From 0 to 1, and ½ for random scores. Scores
 * [batch] of any size and labels [batch] of 0 and 1; `none` if all examples are of one class. A NaN among the scores,
 * which has no rank, and other labels are a `ValueError`, different shapes a `ShapeError`. Over minibatches it keeps every
 * score, and so is exact: 16 bytes an example. Hanley and McNeil, "The
 * meaning and use of the area under a receiver operating characteristic (ROC) curve", 1982.
 *
 * @example
 * import { fromNested, metric } from 'pullback'
 * import { none, some } from 'fp-ts/lib/Option.js'
 * metric.rocAuc(fromNested([0.1, 0.4, 0.4, 0.8]), fromNested([0, 0, 1, 1], 'int32')) // => some(0.875)
 * metric.rocAuc(fromNested([0.1, 0.4]), fromNested([1, 1], 'int32')) // => none
 */
export const rocAuc: Streaming<Tensor<readonly [number]>, Labels, Ranked, O.Option<number>> = streaming({
  empty: { scores: [], labels: [] },
  of: (scores: Tensor<readonly [number]>, labels: Labels) => ranked(scores, labels),
  concat: (a: Ranked, b: Ranked) => ({ scores: [...a.scores, ...b.scores], labels: [...a.labels, ...b.labels] }),
  value: (all: Ranked) => {
    const [scores, labels] = [all.scores.flat(), all.labels.flat()]
    let [negatives, won] = [0, 0]
    for (const group of groups(scores)) {
      const positive = group.filter((i) => labels[i] === 1).length
      const negative = group.length - positive
      won += positive * (negatives + negative / 2)
      negatives += negative
    }
    const pairs = negatives * (scores.length - negatives)
    return pairs === 0 ? O.none : O.some(won / pairs)
  },
})

type Parts = readonly (readonly number[])[]

/** The scores and the labels of examples, in the parts in which they came, so that one more part copies no number. */
type Ranked = { readonly scores: Parts; readonly labels: Parts }

const ranked = (scores: Tensor<readonly [number]>, labels: Labels): Ranked => {
  floatDType('rocAuc', scores)
  checkLabels('rocAuc', labels, 2)
  if (scores.shape.length !== 1 || !sameShape(scores.shape, labels.shape))
    throw new ShapeError({
      op: 'rocAuc',
      expected: 'scores [batch] and labels [batch]',
      actual: `${showShape(scores.shape)} and ${showShape(labels.shape)}`,
    })
  const [xs, ys] = [toArray(scores), toArray(labels)]
  const unknown = xs.findIndex(Number.isNaN)
  if (unknown >= 0)
    throw new ValueError({
      op: 'rocAuc',
      expected: 'scores that are numbers',
      actual: `NaN at index [${unknown}]`,
      code: 'not-finite',
    })
  return { scores: [xs], labels: [ys] }
}
