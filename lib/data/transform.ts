import { StructureError } from '../error/tensorError.ts'
import { checkKey, foldIn, type Key } from '../random/key.ts'
import { describe } from '../tensor/data.ts'
import { checkWhole } from './checkWhole.ts'
import type { Source, SyncSource } from './source.ts'

type Items<A> = Iterable<A> | AsyncIterable<A>

/** Applies a function of the item and its index to the items of a synchronous or asynchronous sequence. */
const mapped = <A, B>(items: Items<A>, from: number, f: (item: A, place: number) => B): Items<B> => {
  if (Symbol.asyncIterator in items)
    return {
      async *[Symbol.asyncIterator]() {
        let place = from
        for await (const item of items) yield f(item, place++)
      },
    }
  return {
    *[Symbol.iterator]() {
      let place = from
      for (const item of items) yield f(item, place++)
    },
  }
}

const checkSource = (op: string, source: Source<unknown>): void => {
  if (typeof source?.epoch === 'function') return
  throw new StructureError({
    op,
    expected: 'a source of minibatches',
    actual: describe(source),
    remedy: 'batches({ size })(examples) makes one',
  })
}

const checkFunction = (op: string, f: unknown, of: string): void => {
  if (typeof f !== 'function') throw new StructureError({ op, expected: `a function of ${of}`, actual: describe(f) })
}

/**
 * A source whose minibatches are transformed by a function.
 *
 * @example
 * import { batches, examples, op, range, source, toArray } from 'pullback'
 * const pairs = batches({ size: 2 })(examples({ input: range(0, 4) }))
 * const scaled = source.map(pairs, ({ input }) => op.scale(input, 0.5))
 * Array.from(scaled.epoch(0, 0), (x) => toArray(x)) // => [[0, 0.5], [1, 1.5]]
 */
export function map<A, B>(source: SyncSource<A>, f: (batch: A) => B): SyncSource<B>
export function map<A, B>(source: Source<A>, f: (batch: A) => B): Source<B>
export function map<A, B>(source: Source<A>, f: (batch: A) => B): Source<B> {
  checkSource('map', source)
  checkFunction('map', f, 'a minibatch')
  return { count: source.count, epoch: (number, from) => mapped(source.epoch(number, from), from, (batch) => f(batch)) }
}

/**
 * A source whose minibatches are transformed by a function that draws random numbers: each minibatch of each epoch has
 * its own key, made of the given key, the epoch and the position. So a resumed run sees the same minibatches.
 *
 * @example
 * import { batches, examples, key, op, random, source, zeros } from 'pullback'
 * const plain = batches({ size: 2 })(examples({ input: zeros([4, 3]) }))
 * const noisy = source.augment(plain, key(1), ({ input }, k) => op.add(input, random.normal(k, input.shape)))
 * noisy.count // => 2
 */
export function augment<A, B>(source: SyncSource<A>, key: Key, f: (batch: A, key: Key) => B): SyncSource<B>
export function augment<A, B>(source: Source<A>, key: Key, f: (batch: A, key: Key) => B): Source<B>
export function augment<A, B>(source: Source<A>, key: Key, f: (batch: A, key: Key) => B): Source<B> {
  checkSource('augment', source)
  checkKey('augment', key)
  checkFunction('augment', f, 'a minibatch and a key')
  return {
    count: source.count,
    epoch: (number, from) => {
      const own = foldIn(key, number)
      return mapped(source.epoch(number, from), from, (batch, place) => f(batch, foldIn(own, place)))
    },
  }
}

async function* zipped<A, B>(as: Items<A>, bs: Items<B>): AsyncGenerator<readonly [A, B]> {
  const [a, b] = [iterator(as), iterator(bs)]
  try {
    for (;;) {
      const [x, y] = [await a.next(), await b.next()]
      if (x.done || y.done) return
      yield [x.value, y.value]
    }
  } finally {
    await a.return?.()
    await b.return?.()
  }
}

const iterator = <A>(items: Items<A>): Iterator<A> | AsyncIterator<A> =>
  Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]()

/**
 * Pairs of minibatches of two sources, until one of them ends.
 *
 * @example
 * import { batches, examples, range, source } from 'pullback'
 * const of = (n: number) => batches({ size: 2 })(examples({ input: range(0, n) }))
 * source.zip(of(8), of(6)).count // => 3
 */
export const zip = <A, B>(a: Source<A>, b: Source<B>): Source<readonly [A, B]> => {
  checkSource('zip', a)
  checkSource('zip', b)
  return {
    count: a.count === undefined || b.count === undefined ? undefined : Math.min(a.count, b.count),
    epoch: (number, from) => zipped(a.epoch(number, from), b.epoch(number, from)),
  }
}

/**
 * A source that fetches up to n minibatches ahead while the current one is in use: for data from a disk or a network.
 * It changes neither the minibatches nor their order.
 *
 * @example
 * import { batches, examples, range, source } from 'pullback'
 * source.prefetch(batches({ size: 2 })(examples({ input: range(0, 8) })), 2).count // => 4
 */
export const prefetch = <A>(source: Source<A>, n: number): Source<A> => {
  checkSource('prefetch', source)
  checkWhole('prefetch', 'minibatches ahead', n, 1)
  return {
    count: source.count,
    epoch: (number, from) => ({
      async *[Symbol.asyncIterator]() {
        const items = iterator(source.epoch(number, from))
        const fetch = async (): Promise<IteratorResult<A>> => items.next()
        const ahead: Promise<IteratorResult<A>>[] = []
        const fill = (): void => {
          while (ahead.length < n) {
            const next = fetch()
            next.catch(() => {}) // it is thrown when its turn comes
            ahead.push(next)
          }
        }
        try {
          for (;;) {
            fill()
            const { value, done } = await (ahead.shift() as Promise<IteratorResult<A>>)
            if (done) return
            yield value
          }
        } finally {
          await items.return?.()
        }
      },
    }),
  }
}
