// Arrays from tensors. All functions here copy. A traced or mapped tensor has no numbers to read: it throws.
import type { NdArray } from 'ndarray'
import { ShapeError, TracedError, ValueError } from '../error/tensorError.ts'
import type { AnyTensor, DType, Shape, Tensor } from '../type/tensor.ts'
import { type DataOf, notATensor } from './data.ts'
import type { Nested } from './from.ts'
import { copied, packed } from './pack.ts'
import { checkLive } from './released.ts'
import { numbersOf } from './resident.ts'
import { showShape, sizeOf } from './shape.ts'
import { isTensor, ndarrayOf, type Raw, raw } from './view.ts'

/** Nested arrays of a shape. */
export type NestedOf<S extends Shape> = number extends S['length']
  ? Nested
  : S extends readonly [number, ...infer T extends Shape]
    ? NestedOf<T>[]
    : number

/** The largest number of empty arrays that `toNested` makes: a file header of a few bytes may claim billions. */
const mostEmpty = 2 ** 20

/** The raw view of a tensor, to read its numbers; a traced or mapped tensor throws. */
export const read = (op: string, t: AnyTensor): Raw => {
  if (!isTensor(t)) throw notATensor(op, t)
  const { boxed } = t as { readonly boxed?: 'traced' | 'mapped' }
  if (boxed !== undefined) throw TracedError.read(op, boxed)
  return checkLive(op, raw(t))
}

/**
 * The number in a scalar or in a tensor of one entry; any other tensor is a `ShapeError`.
 *
 * @example
 * import { fromNested, item } from 'pullback'
 * item(fromNested(3)) // => 3
 */
export const item = (
  t: Tensor<readonly [], DType> | Tensor<readonly [1], DType> | Tensor<readonly [1, 1], DType>,
): number => {
  const x = read('item', t)
  if (x.size !== 1)
    throw new ShapeError({ op: 'item', expected: 'one entry', actual: `${showShape(x.shape)}`, code: 'not-a-scalar' })
  return numbersOf(x.buffer)[x.offset] as number
}

/**
 * The numbers of a tensor in row-major order.
 *
 * @example
 * import { fromNested, toArray } from 'pullback'
 * toArray(fromNested([[1, 2], [3, 4]])) // => [1, 2, 3, 4]
 */
export const toArray = (t: AnyTensor): number[] => Array.from(packed(read('toArray', t)))

/**
 * The numbers of a tensor in row-major order, in a fresh typed array of its number format.
 *
 * @example
 * import { fromNested, toTypedArray } from 'pullback'
 * toTypedArray(fromNested([1, 2], 'float64')) // => Float64Array.of(1, 2)
 */
export const toTypedArray = <D extends DType>(t: Tensor<Shape, D>): DataOf[D] =>
  copied(read('toTypedArray', t)) as DataOf[D]

/**
 * The numbers of a tensor in nested arrays; a plain number for a scalar.
 *
 * @example
 * import { eye, toNested } from 'pullback'
 * toNested(eye(2)) // => [[1, 0], [0, 1]]
 */
export const toNested = <S extends Shape>(t: Tensor<S, DType>): NestedOf<S> => {
  const x = read('toNested', t)
  const rows = sizeOf(x.shape.slice(0, Math.max(0, x.shape.indexOf(0))))
  if (rows > mostEmpty)
    throw new ValueError({
      op: 'toNested',
      expected: `at most ${mostEmpty} rows without entries`,
      actual: `${rows}`,
      code: 'too-large',
    })
  const data = numbersOf(x.buffer)
  const go = (axis: number, p: number): Nested =>
    axis === x.shape.length
      ? (data[p] as number)
      : Array.from({ length: x.shape[axis] as number }, (_, i) => go(axis + 1, p + i * (x.stride[axis] as number)))
  return go(0, x.offset) as NestedOf<S>
}

/**
 * A scijs ndarray with a copy of the numbers, for packages of that ecosystem that write to their arguments.
 *
 * @example
 * import { fromNested, toNdarray } from 'pullback'
 * toNdarray(fromNested([[1, 2], [3, 4]])).get(1, 0) // => 3
 */
export const toNdarray = <D extends DType>(t: Tensor<Shape, D>): NdArray<DataOf[D]> =>
  ndarrayOf(toTypedArray(t), t.shape)
