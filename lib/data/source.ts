import { checkOptions } from '../error/options.ts'
import { ValueError } from '../error/tensorError.ts'
import { checkKey, foldIn, type Key } from '../random/key.ts'
import { describe } from '../tensor/data.ts'
import type { Tree } from '../tree/tree.ts'
import { checkExamples, type Examples, rowsOf, type Some, shuffled } from './examples.ts'
import { minibatchesBy, type Take } from './minibatches.ts'

/**
 * Minibatches that can be iterated repeatedly: a value, not a stream in progress. The minibatches depend only on the
 * number of the epoch, so an interrupted run resumes at any position and sees the minibatches that it would have seen.
 */
export interface Source<B> {
  /** The number of minibatches in an epoch; undefined if it is known only at the end. */
  readonly count: number | undefined
  /** The minibatches of an epoch, without the first `from`. */
  readonly epoch: (number: number, from: number) => Iterable<B> | AsyncIterable<B>
}

/** A source that gives its minibatches synchronously. */
export interface SyncSource<B> extends Source<B> {
  readonly count: number
  readonly epoch: (number: number, from: number) => Iterable<B>
}

export interface BatchOptions {
  /** The number of examples in a minibatch. */
  readonly size: number
  /** The key to shuffle each epoch with, by its number. Without a key the examples keep their order. */
  readonly key?: Key | undefined
  /** Keeps or drops the last minibatch of an epoch if it is smaller than the others; 'keep' by default. */
  readonly last?: 'keep' | 'drop' | undefined
}

/** `batches`, by a function that takes rows. */
export const batchesBy = (take: Take, options: BatchOptions) => {
  checkOptions('batches', options, ['size', 'key', 'last'])
  const { size, key, last = 'keep' } = options
  if (last !== 'keep' && last !== 'drop')
    throw new ValueError({
      op: 'batches',
      expected: "'keep' or 'drop' for the last minibatch",
      actual: describe(last),
      code: 'unknown-choice',
    })
  if (key !== undefined) checkKey('batches', key)
  minibatchesBy(take)(size)
  if (key !== undefined) checkKey('batches', key)
  return <E extends Tree>(all: Examples<E>): SyncSource<Some<E>> => {
    checkExamples('batches', all)
    const whole = last === 'keep' ? Math.ceil(all.rows.size / size) : Math.floor(all.rows.size / size)
    return {
      count: whole,
      epoch: (number, from) => {
        const order = key === undefined ? all : shuffled(foldIn(key, number))(all)
        return firstOf(whole - from, minibatchesBy(take)(size, { from })(order))
      },
    }
  }
}

/**
 * The minibatches of examples, for as many epochs as needed. The order within an epoch is a function of the key and the
 * number of the epoch. A size that is not a whole number of at least 1 is a `ValueError`.
 *
 * @example
 * import { batches, examples, range, toArray } from 'pullback'
 * const source = batches({ size: 2 })(examples({ input: range(0, 5) }))
 * source.count // => 3
 * Array.from(source.epoch(0, 1), ({ input }) => toArray(input)) // => [[2, 3], [4]]
 */
export const batches = (options: BatchOptions) => batchesBy(rowsOf, options)

const firstOf = <B>(n: number, items: Iterable<B>): Iterable<B> => ({
  *[Symbol.iterator]() {
    let left = n
    if (left <= 0) return
    for (const item of items) {
      yield item
      left -= 1
      if (left === 0) return
    }
  },
})
