import { checkOptions } from '../error/options.ts'
import { ValueError } from '../error/tensorError.ts'
import { uniform } from '../random/draw.ts'
import { checkKey, foldIn, type Key } from '../random/key.ts'
import { fromArray } from '../tensor/from.ts'
import { checkLabels } from '../tensor/label.ts'
import { toArray } from '../tensor/to.ts'
import type { Tree } from '../tree/tree.ts'
import type { Labels } from '../type/classification.ts'
import { checkWhole } from './checkWhole.ts'
import { type Examples, rowsOf, type Some } from './examples.ts'
import { grouped } from './grouped.ts'
import type { SyncSource } from './source.ts'

/**
 * Class weights for a loss that give every class the same influence: n / (k · count) for n labels of k classes, as
 * scikit-learn's 'balanced'; 0 for a class without examples. For `softmaxCrossEntropy.with({ weights })`.
 *
 * @example
 * import { classWeights, fromNested } from 'pullback'
 * classWeights(fromNested([0, 0, 0, 1], 'int32'), 2).map((w) => w.toFixed(3)) // => ['0.667', '2.000']
 */
export const classWeights = (labels: Labels, classes: number): readonly number[] => {
  checkWhole('classWeights', 'classes', classes, 1)
  checkLabels('classWeights', labels, classes)
  const counts = new Array<number>(classes).fill(0)
  for (const label of toArray(labels)) counts[label] = (counts[label] as number) + 1
  return counts.map((count) => (count === 0 ? 0 : labels.size / (classes * count)))
}

export interface BalancedOptions<E> {
  readonly size: number
  readonly key: Key
  /** The labels, [examples]: `(data) => data.target`. */
  readonly by: (data: E) => Labels
}

/**
 * Minibatches in which every class is equally likely, however rare it is: each example is drawn with replacement, first
 * its class, then one of that class, so examples of rare classes are repeated. An epoch has as many minibatches as with
 * `batches` of that size.
 *
 * @example
 * import { balanced, examples, fromNested, key, toArray } from 'pullback'
 * const all = examples({ input: fromNested([[1], [2], [3], [4]]), target: fromNested([0, 0, 0, 1], 'int32') })
 * const source = balanced(all, { size: 400, key: key(0), by: (data) => data.target })
 * const [batch] = [...source.epoch(0, 0)]
 * Math.round(toArray(batch!.target).reduce((sum, label) => sum + label, 0) / 100) // => 2
 */
export const balanced = <E extends Tree>(
  { data, rows }: Examples<E>,
  options: BalancedOptions<E>,
): SyncSource<Some<E>> => {
  checkOptions('balanced', options, ['size', 'key', 'by'])
  const { size, key, by } = options
  checkWhole('balanced', 'examples in a batch', size, 1)
  checkKey('balanced', key)
  const [labels, order] = [toArray(by(data)), toArray(rows)]
  const classes = grouped(order, (row) => labels[row] as number)
  if (classes.length === 0)
    throw new ValueError({ op: 'balanced', expected: 'at least one example', actual: 'none', code: 'empty-batch' })
  const count = Math.ceil(rows.size / size)
  const drawn = (epoch: number, i: number): readonly number[] => {
    const u = toArray(uniform(foldIn(foldIn(key, epoch), i), [size, 2], { dtype: 'float64' }))
    return Array.from({ length: size }, (_, j) => {
      const places = classes[Math.floor((u[2 * j] as number) * classes.length)] as readonly number[]
      return order[places[Math.floor((u[2 * j + 1] as number) * places.length)] as number] as number
    })
  }
  return {
    count,
    epoch: (number, from) => ({
      *[Symbol.iterator]() {
        for (let i = from; i < count; i++) yield rowsOf(data, fromArray(drawn(number, i), [size], 'int32'))
      },
    }),
  }
}
