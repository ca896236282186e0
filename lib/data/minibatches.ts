import { checkOptions } from '../error/options.ts'
import { slice } from '../op/shape/slice.ts'
import { checkKey, foldIn, type Key } from '../random/key.ts'
import type { Tree } from '../tree/tree.ts'
import { checkWhole } from './checkWhole.ts'
import { checkExamples, type Examples, rowsOf, type Some, shuffled } from './examples.ts'

/** Takes some rows of a record of tensors. */
export type Take = typeof rowsOf

/** `minibatches`, by a function that takes rows. */
export const minibatchesBy =
  (take: Take) =>
  (size: number, options: { readonly from?: number | undefined } = {}) => {
    checkOptions('minibatches', options, ['from'])
    const { from = 0 } = options
    checkWhole('minibatches', 'examples in a batch', size, 1)
    checkWhole('minibatches', 'batches to pass over', from, 0)
    return <E extends Tree>(all: Examples<E>): Iterable<Some<E>> => {
      checkExamples('minibatches', all)
      return {
        *[Symbol.iterator]() {
          for (let start = from * size; start < all.rows.size; start += size)
            yield take(all.data, slice(all.rows, [[start, Math.min(start + size, all.rows.size)]]))
        },
      }
    }
  }

/**
 * Minibatches of a given size, in the order of the examples; the last one may be smaller. The result can be iterated
 * repeatedly.
 *
 * @example
 * import { examples, minibatches, range, toArray } from 'pullback'
 * const batches = minibatches(2)(examples({ input: range(0, 5) }))
 * Array.from(batches, ({ input }) => toArray(input)) // => [[0, 1], [2, 3], [4]]
 */
export const minibatches = (size: number, options: { readonly from?: number | undefined } = {}) =>
  minibatchesBy(rowsOf)(size, options)

export interface EpochOptions {
  /** The number of passes over all examples; endless by default. */
  readonly count?: number | undefined
  readonly size: number
  /** The key to shuffle each epoch with, by its number. Without a key the examples keep their order. */
  readonly key?: Key | undefined
  /** The number of minibatches to skip: the step at which an interrupted run resumes. */
  readonly from?: number | undefined
}

/**
 * The minibatches of several epochs, one after the other. `from` minibatches are skipped without being made, so that a
 * run resumes where it stopped: `epochs({ …, from: training.step })`.
 *
 * @example
 * import { epochs, examples, range, toArray } from 'pullback'
 * const batches = epochs({ count: 2, size: 2, from: 1 })(examples({ input: range(0, 3) }))
 * Array.from(batches, ({ input }) => toArray(input)) // => [[2], [0, 1], [2]]
 */
export const epochs = (options: EpochOptions) => {
  checkOptions('epochs', options, ['count', 'size', 'key', 'from'])
  const { count = Number.POSITIVE_INFINITY, size, key, from = 0 } = options
  checkWhole('epochs', 'examples in a batch', size, 1)
  checkWhole('epochs', 'batches to pass over', from, 0)
  if (key !== undefined) checkKey('epochs', key)
  if (count !== Number.POSITIVE_INFINITY) checkWhole('epochs', 'epochs', count, 0)
  return <E extends Tree>(all: Examples<E>): Iterable<Some<E>> => {
    checkExamples('epochs', all)
    return {
      *[Symbol.iterator]() {
        const each = Math.ceil(all.rows.size / size)
        if (each === 0) return
        for (let epoch = Math.floor(from / each), skip = from % each; epoch < count; epoch++, skip = 0)
          yield* minibatches(size, { from: skip })(key === undefined ? all : shuffled(foldIn(key, epoch))(all))
      },
    }
  }
}
