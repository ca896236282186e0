import { checkOptions } from '../error/options.ts'
import { ShapeError, ValueError } from '../error/tensorError.ts'
import { permutation } from '../random/draw.ts'
import { checkKey, type Key } from '../random/key.ts'
import { describe } from '../tensor/data.ts'
import { fromArray } from '../tensor/from.ts'
import { showShape } from '../tensor/shape.ts'
import { toArray } from '../tensor/to.ts'
import type { Tree } from '../tree/tree.ts'
import type { Labels } from '../type/classification.ts'
import type { Examples } from './examples.ts'
import { grouped } from './grouped.ts'
import { shared } from './shared.ts'

export interface SplitOptions<E> {
  /** The key to shuffle the examples with before they are split. Without a key they keep their order. */
  readonly key?: Key | undefined
  /** The labels [examples] whose shares should be the same in every part: `(data) => data.target`. */
  readonly stratify?: ((data: E) => Labels) | undefined
}

/** The class of each row; a single class without `stratify`. */
const classOf = <E extends Tree>(op: string, { data }: Examples<E>, { stratify }: SplitOptions<E>) => {
  if (stratify === undefined) return () => 0
  const labels = stratify(data)
  if (labels?.dtype !== 'int32' || labels.shape.length !== 1)
    throw new ShapeError({
      op,
      expected: 'labels [examples] in int32 to stratify by',
      actual: labels?.shape === undefined ? describe(labels) : `${labels.dtype} ${showShape(labels.shape)}`,
    })
  const all = toArray(labels)
  return (row: number): number => all[row] as number
}

/** The number of the part of each row, in the order of the rows: each class is divided separately. */
const assigned = (
  order: readonly number[],
  classOf: (row: number) => number,
  sharesOf: (count: number) => readonly number[],
): readonly number[] => {
  const parts = new Array<number>(order.length).fill(-1)
  for (const places of grouped(order, classOf)) {
    let next = 0
    for (const [part, count] of sharesOf(places.length).entries())
      for (const end = next + count; next < end; next++) parts[places[next] as number] = part
  }
  return parts
}

const orderOf = <E extends Tree>(op: string, all: Examples<E>, { key }: SplitOptions<E>): readonly number[] => {
  if (key !== undefined) checkKey(op, key)
  const rows = toArray(all.rows)
  return key === undefined ? rows : toArray(permutation(key, rows.length)).map((i) => rows[i] as number)
}

const withRows = <E extends Tree>({ data }: Examples<E>, rows: readonly number[]): Examples<E> => ({
  data,
  rows: fromArray(rows, [rows.length], 'int32'),
})

/**
 * Splits examples into parts by their shares: `splitExamples(all, { train: 0.8, validation: 0.2 }, { key })`. The parts
 * are disjoint and, where the shares add up to 1, hold all examples; where they add up to less, the rest is left out.
 * With `stratify` each class has the same shares in every part, as nearly as whole numbers allow, and an example in
 * each part if there are enough. No data are copied.
 *
 * Shares that are negative or add up to more than 1 are a `ValueError`.
 *
 * @example
 * import { examples, fromNested, key, splitExamples } from 'pullback'
 * const all = examples({ input: fromNested([[1], [2], [3], [4]]), target: fromNested([0, 0, 1, 1], 'int32') })
 * const { train, test } = splitExamples(
 *   all,
 *   { train: 0.5, test: 0.5 },
 *   { key: key(0), stratify: (data) => data.target },
 * )
 * train.rows.size // => 2
 * test.rows.size // => 2
 */
export const splitExamples = <E extends Tree, const S extends { readonly [part: string]: number }>(
  all: Examples<E>,
  shares: S,
  options: SplitOptions<E> = {},
): { readonly [K in keyof S]: Examples<E> } => {
  checkOptions('splitExamples', options, ['key', 'stratify'])
  const [names, numbers] = [Object.keys(shares), Object.values(shares)]
  if (names.length === 0 || !numbers.every((x) => x >= 0) || numbers.reduce((sum, x) => sum + x, 0) > 1 + 1e-9)
    throw new ValueError({
      op: 'splitExamples',
      expected: 'shares that are not negative and add up to at most 1',
      actual: names.map((name) => `${name}: ${describe(shares[name])}`).join(', '),
    })
  const order = orderOf('splitExamples', all, options)
  const parts = assigned(order, classOf('splitExamples', all, options), (n) => shared(n, numbers))
  const rowsOf = (part: number) => order.filter((_, place) => parts[place] === part)
  return Object.fromEntries(names.map((name, part) => [name, withRows(all, rowsOf(part))])) as never
}

/**
 * k pairs of a training part and a validation part: each example is in one validation part and in all other training
 * parts. With `stratify` each class has the same share in every part. Fewer than two folds, and more folds than
 * examples, are a `ValueError`.
 *
 * @example
 * import { examples, kFold, range } from 'pullback'
 * kFold(examples({ input: range(0, 10) }), 3).map(({ validation }) => validation.rows.size) // => [4, 3, 3]
 */
export const kFold = <E extends Tree>(
  all: Examples<E>,
  k: number,
  options: SplitOptions<E> = {},
): readonly { readonly train: Examples<E>; readonly validation: Examples<E> }[] => {
  checkOptions('kFold', options, ['key', 'stratify'])
  if (!Number.isInteger(k) || k < 2 || k > all.rows.size)
    throw new ValueError({ op: 'kFold', expected: `a number of folds from 2 to ${all.rows.size}`, actual: describe(k) })
  const order = orderOf('kFold', all, options)
  const parts = assigned(order, classOf('kFold', all, options), (n) => shared(n, Array<number>(k).fill(1 / k)))
  return Array.from({ length: k }, (_, fold) => ({
    train: withRows(
      all,
      order.filter((_, place) => parts[place] !== fold),
    ),
    validation: withRows(
      all,
      order.filter((_, place) => parts[place] === fold),
    ),
  }))
}
