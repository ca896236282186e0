import { ShapeError, StructureError } from '../error/tensorError.ts'
import { gather } from '../op/indexing/gather.ts'
import { permutation } from '../random/draw.ts'
import { checkKey, type Key } from '../random/key.ts'
import { range } from '../tensor/create.ts'
import { describe, remedyFor } from '../tensor/data.ts'
import { Gathered } from '../tensor/gathered.ts'
import { isContiguous, packed } from '../tensor/pack.ts'
import { showShape, sizeOf } from '../tensor/shape.ts'
import { fresh, isTensor, raw } from '../tensor/view.ts'
import { entries, mapTree, type Tree } from '../tree/tree.ts'
import type { Shape, Tensor } from '../type/tensor.ts'

const mostExamples = 2 ** 31 - 1

type Index = Tensor<readonly [number], 'int32'>

/**
 * Examples in an order: a record of tensors whose first axes run over the same examples, and the order of its rows.
 * Since the order is a list of indices, shuffling moves no data.
 */
export interface Examples<E extends Tree> {
  readonly data: E
  readonly rows: Index
}

/**
 * Makes examples from a record of tensors, such as `{ input, target }`, in their own order. Tensors with different
 * numbers of examples are a `ShapeError` that names them.
 *
 * @example
 * import { examples, fromNested, zeros } from 'pullback'
 * examples({ input: zeros([5, 3]), target: fromNested([0, 1, 2, 0, 1], 'int32') }).rows.size // => 5
 */
export const examples = <E extends Tree>(data: E): Examples<E> => {
  const all = entries(data, 'examples')
  const first = all[0]?.[1]
  if (first === undefined)
    throw new StructureError({ op: 'examples', expected: 'at least one tensor', actual: 'none', code: 'empty-batch' })
  for (const [path, t] of all)
    if (t.shape.length === 0 || t.shape[0] !== first.shape[0])
      throw new ShapeError({
        op: 'examples',
        expected: `${first.shape[0] ?? 'some'} examples along the first axis`,
        actual: showShape(t.shape),
        code: 'batch-mismatch',
        path,
      })
  if ((first.shape[0] as number) > mostExamples)
    throw new ShapeError({
      op: 'examples',
      expected: `at most ${mostExamples} examples, which 32 bits can number`,
      actual: `${first.shape[0]}`,
      code: 'too-large',
    })
  return { data, rows: range(0, first.shape[0] as number, 1, 'int32') }
}

/** Checks that an argument is made by `examples`; the record of tensors itself is an error. */
export const checkExamples = (op: string, all: unknown): void => {
  const { data, rows } = (typeof all === 'object' && all !== null ? all : {}) as { readonly [name: string]: unknown }
  if (isTensor(rows) && data !== undefined) return
  throw new StructureError({
    op,
    expected: 'examples',
    actual: describe(all),
    remedy: remedyFor(rows) ?? 'examples({ input, target }) makes them of tensors',
  })
}

/**
 * The examples in random order. The order is a function of the key, so a run can be repeated and resumed. A value that
 * is not a key, such as a seed, is a `ValueError`.
 *
 * @example
 * import { pipe } from 'fp-ts/lib/function.js'
 * import { examples, key, minibatches, range, shuffled, toArray } from 'pullback'
 * const batches = pipe(examples({ input: range(0, 5) }), shuffled(key(0)), minibatches(5))
 * toArray([...batches][0]!.input).sort() // => [0, 1, 2, 3, 4]
 */
export const shuffled = (key: Key) => {
  checkKey('shuffled', key)
  return <E extends Tree>(all: Examples<E>): Examples<E> => {
    checkExamples('shuffled', all)
    return { data: all.data, rows: gather(all.rows, permutation(key, all.rows.size)) }
  }
}

/** Some of the examples; their number is known at run time. */
export type Some<E> =
  E extends Tensor<infer S, infer D>
    ? S extends readonly [number, ...infer R extends Shape]
      ? Tensor<readonly [number, ...R], D>
      : E
    : { readonly [K in keyof E]: Some<E[K]> }

/** `rowsOf`, of which each tensor is gathered only when somebody needs its numbers. */
export const rowsWhenNeeded = <E extends Tree>(data: E, rows: Index): Some<E> => {
  const index = packed(raw(rows)) as Int32Array
  return mapTree(data, (t) => {
    if (!isContiguous(raw(t))) return gather(t, rows)
    const width = sizeOf(t.shape.slice(1))
    const all = new Gathered(t.dtype, packed(raw(t)), index, width)
    return fresh([index.length, ...t.shape.slice(1)], all as unknown as Float32Array)
  }) as Some<E>
}

/** The rows of a record of tensors at an index. */
export const rowsOf = <E extends Tree>(data: E, rows: Index): Some<E> =>
  mapTree(data, (t) => gather(t, rows)) as Some<E>

/**
 * Selects examples by their positions in the order.
 *
 * @example
 * import { examples, fromNested, range, select, toArray } from 'pullback'
 * toArray(select(examples({ input: range(10, 15) }), fromNested([4, 0], 'int32')).input) // => [14, 10]
 */
export const select = <E extends Tree>(all: Examples<E>, places: Index): Some<E> => {
  checkExamples('select', all)
  return rowsOf(all.data, gather(all.rows, places))
}
