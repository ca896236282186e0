// Tensors from arrays. Everything here copies, except what says that it does not.
import type { NdArray } from 'ndarray'
import { DTypeError, ShapeError, ValueError } from '../error/tensorError.ts'
import type { DType, Shape, Tensor } from '../type/tensor.ts'
import { allocate, checkInt32, type Data, type DataOf, dtypeOf } from './data.ts'
import { copyEntries } from './pack.ts'
import { checkShape, showShape, sizeOf, stridesOf } from './shape.ts'
import { fresh } from './view.ts'

/** Numbers, or arrays of one length of them, nested to any depth. */
export type Nested = number | readonly Nested[]

/** The shape of nested arrays, as far as their type tells. */
export type ShapeOf<N> = [Nested] extends [N]
  ? Shape
  : N extends readonly (infer H)[]
    ? number extends N['length']
      ? readonly [number, ...ShapeOf<H>]
      : N extends readonly [infer First, ...unknown[]]
        ? readonly [N['length'], ...ShapeOf<First>]
        : readonly [0]
    : readonly []

/** Arrays whose entries are plain numbers. */
export type NumberArray =
  | number[]
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array

/** The number format that an array of numbers gives: its own, if tensors have it, else float32. */
export type FormatOf<A> = A extends Float64Array ? 'float64' : A extends Int32Array ? 'int32' : 'float32'

const filled = (op: string, dtype: DType, values: ArrayLike<number>): Data => {
  if (dtype === 'int32') for (let i = 0; i < values.length; i++) checkInt32(op, values[i] as number)
  const data = allocate(dtype, values.length)
  data.set(values)
  return data
}

/**
 * A tensor from nested arrays; a plain number gives a scalar. float32 unless asked otherwise.
 * Rows of different lengths are a `ShapeError`, anything but a number a `ValueError`, a fraction in int32 too.
 *
 * @example
 * import { fromNested } from 'pullback'
 * fromNested([[1, 2, 3], [4, 5, 6]]).shape // => [2, 3]
 */
export const fromNested = <const N extends Nested, D extends DType = 'float32'>(
  values: N,
  dtype?: D,
): Tensor<ShapeOf<N>, NoInfer<D>> => {
  const op = 'fromNested'
  const shape: number[] = []
  for (let v: Nested = values; Array.isArray(v); v = v[0]) shape.push(v.length)
  const flat: number[] = []
  const go = (v: Nested, index: readonly number[]): void => {
    const n = shape[index.length]
    if (n === undefined) {
      if (typeof v !== 'number')
        throw new ValueError({
          op,
          expected: `a number at ${showShape(index)}`,
          actual: Array.isArray(v) ? 'an array' : `${v}`,
        })
      flat.push(v)
    } else if (!Array.isArray(v) || v.length !== n) {
      const actual = Array.isArray(v) ? `${v.length}` : `${v}`
      throw new ShapeError({ op, expected: `${n} entries at ${showShape(index)}, as in the first row`, actual })
    } else for (let i = 0; i < n; i++) go(v[i], [...index, i])
  }
  go(values, [])
  return fresh(shape as Shape as ShapeOf<N>, filled(op, dtype ?? 'float32', flat) as DataOf[D])
}

/**
 * A tensor from numbers in row-major order, copied. The number format is that of a Float32Array, Float64Array or
 * Int32Array, and float32 for all else, unless asked otherwise. Too few or too many numbers are a `ShapeError`.
 *
 * @example
 * import { fromArray, toNested } from 'pullback'
 * toNested(fromArray(Float64Array.of(1, 2, 3, 4), [2, 2])) // => [[1, 2], [3, 4]]
 */
export const fromArray = <A extends ArrayLike<number>, const S extends Shape, D extends DType = FormatOf<A>>(
  values: A,
  shape: S,
  dtype?: D,
): Tensor<S, NoInfer<D>> => {
  const op = 'fromArray'
  checkShape(op, shape)
  if (values.length !== sizeOf(shape))
    throw new ShapeError({
      op,
      expected: `${sizeOf(shape)} numbers for ${showShape(shape)}`,
      actual: `${values.length}`,
    })
  return fresh(shape, filled(op, dtype ?? dtypeOf(values) ?? 'float32', values) as DataOf[D])
}

/**
 * A tensor from a scijs ndarray of any strides, copied. The number format is as in `fromArray`.
 *
 * @example
 * import ndarray from 'ndarray'
 * import { fromNdarray, toNested } from 'pullback'
 * toNested(fromNdarray(ndarray(Float64Array.of(1, 2, 3, 4), [2, 2]).transpose(1, 0))) // => [[1, 3], [2, 4]]
 */
export const fromNdarray = <A extends NumberArray, D extends DType = FormatOf<A>>(
  array: NdArray<A>,
  dtype?: D,
): Tensor<Shape, NoInfer<D>> => {
  const op = 'fromNdarray'
  const { data, shape, stride, offset } = array
  if (!Array.isArray(data) && (!ArrayBuffer.isView(data) || `${array.dtype}`.startsWith('big')))
    throw new DTypeError({ op, expected: 'an ndarray over an array of numbers', actual: `${array.dtype}` })
  const own = dtypeOf(data)
  const format = dtype ?? own ?? 'float32'
  const to = allocate(format === 'int32' && own !== 'int32' ? 'float64' : format, sizeOf(shape))
  copyEntries(shape, data as unknown as Data, { stride, offset }, to, { stride: stridesOf(shape), offset: 0 })
  return fresh([...shape] as Shape, (dtypeOf(to) === format ? to : filled(op, format, to)) as DataOf[D])
}

/**
 * A tensor over a typed array in row-major order that is NOT copied: whoever holds the array must not write to it again.
 *
 * @example
 * import { toNested, unsafeFromBuffer } from 'pullback'
 * toNested(unsafeFromBuffer(Float32Array.of(1, 2), [2])) // => [1, 2]
 */
export const unsafeFromBuffer = <A extends Data, const S extends Shape>(data: A, shape: S): Tensor<S, FormatOf<A>> => {
  const op = 'unsafeFromBuffer'
  checkShape(op, shape)
  if (dtypeOf(data) === undefined)
    throw new DTypeError({
      op,
      expected: 'a Float32Array, Float64Array or Int32Array',
      actual: Object.prototype.toString.call(data),
    })
  if (data.length !== sizeOf(shape))
    throw new ShapeError({ op, expected: `${sizeOf(shape)} numbers for ${showShape(shape)}`, actual: `${data.length}` })
  return fresh(shape, data as Data as DataOf[FormatOf<A>])
}
