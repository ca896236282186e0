import { StructureError } from '../error/tensorError.ts'
import { describe } from '../tensor/data.ts'

/** What a metric keeps of the examples so far, as plain data, so that a checkpoint can hold it. */
export type Summary = number | readonly Summary[] | { readonly [name: string]: Summary }

/** A metric in parts: a monoid of summaries (`empty`, `concat`), the summary of a minibatch, and what it says. */
export interface StreamingParts<Y, T, A, V = number> {
  /** The summary of no examples. */
  readonly empty: A
  /** The summary of a minibatch: counts and sums, and no means, which could not be put together. */
  readonly of: (output: Y, target: T) => A
  /** The summary of the examples of both. */
  readonly concat: (a: A, b: A) => A
  readonly value: (a: A) => V
}

/** A metric that is the same over minibatches of any sizes as over all examples at once. Called, it takes all at once. */
export interface Streaming<Y, T, A, V = number> extends StreamingParts<Y, T, A, V> {
  (output: Y, target: T): V
}

/**
 * A metric that streams over minibatches: `concat` puts the summaries of minibatches together, `of` makes one, and
 * `value` says what is wanted of it. So `fit` has the exact number of an epoch, where of a plain function it has the
 * mean of the minibatches. `empty` and `concat` are a monoid as in fp-ts. Summaries are plain data: numbers, arrays and
 * records of them. Parts that are missing are a `StructureError`.
 *
 * @example
 * import { fromNested, metric, type Tensor, toArray } from 'pullback'
 * const largest = metric.streaming({
 *   empty: 0,
 *   of: (output: Tensor, target: Tensor) =>
 *     toArray(output).reduce((most, z, i) => Math.max(most, Math.abs(z - toArray(target)[i]!)), 0),
 *   concat: Math.max,
 *   value: (most: number) => most,
 * })
 * largest(fromNested([1, 5]), fromNested([2, 2])) // => 3
 */
export const streaming = <Y, T, A, V = number>(parts: StreamingParts<Y, T, A, V>): Streaming<Y, T, A, V> => {
  const { empty, of, concat, value } = Object(parts) as StreamingParts<Y, T, A, V>
  if (empty === undefined || [of, concat, value].some((part) => typeof part !== 'function'))
    throw new StructureError({
      op: 'streaming',
      expected: 'parts { empty, of, concat, value } of a metric',
      actual: describe(parts),
    })
  return Object.assign((output: Y, target: T) => value(of(output, target)), { empty, of, concat, value })
}

/**
 * A streaming metric whose value is a function of another's, such as a number of an `Option`, which `fit` can take.
 *
 * @example
 * import { fromNested, metric } from 'pullback'
 * import { getOrElse } from 'fp-ts/lib/Option.js'
 * const r2 = metric.mapValue(metric.r2, getOrElse(() => 0))
 * r2(fromNested([1, 2, 4]), fromNested([1, 2, 3])) // => 0.5
 */
export const mapValue = <Y, T, A, V, W>(metric: Streaming<Y, T, A, V>, f: (value: V) => W): Streaming<Y, T, A, W> =>
  streaming({ ...metric, value: (a: A) => f(metric.value(a)) })

/** True for a metric that has the parts of a streaming one. */
export const isStreaming = (metric: unknown): metric is Streaming<unknown, unknown, unknown, unknown> =>
  typeof metric === 'function' &&
  'empty' in metric &&
  ['of', 'concat', 'value'].every((name) => typeof (metric as never)[name] === 'function')

/** The examples that count, and those of them that are right. */
export type Share = { readonly right: number; readonly examples: number }

/** A metric that is a share of the examples: those at which `isRight` holds. */
export const shareOf = <Y, T>(
  of: (output: Y, target: T) => Share,
  checkSome: (examples: number) => void,
): Streaming<Y, T, Share> =>
  streaming({
    empty: { right: 0, examples: 0 },
    of,
    concat: (a: Share, b: Share) => ({ right: a.right + b.right, examples: a.examples + b.examples }),
    value: ({ right, examples }: Share) => {
      checkSome(examples)
      return right / examples
    },
  })
