// Tensors from arrays. All functions here copy, except `unsafeFromBuffer`.
import type { NdArray } from 'ndarray'
import { DTypeError, ShapeError, StructureError, ValueError } from '../error/tensorError.ts'
import type { DType, Shape, Tensor } from '../type/tensor.ts'
import { allocate, arrays, classNameOf, type Data, type DataOf, describe, describeShape, dtypeOf } from './data.ts'
import { checkHeld, filled, isNumbers } from './given.ts'
import { moveEntries } from './pack.ts'
import { checkShape, isWithin, mostAxes, ownShape, showShape, sizeOf, stridesOf } from './shape.ts'
import { fresh } from './view.ts'

/** A number, or arrays of equal lengths of numbers, nested to any depth. */
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

/** Arrays with plain numbers as entries. */
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

/** The number format for an array of numbers: its own, if tensors support it, else float32. */
export type FormatOf<A> = A extends Float64Array ? 'float64' : A extends Int32Array ? 'int32' : 'float32'

/**
 * A tensor from nested arrays; a plain number gives a scalar. float32 by default. Rows of different lengths are a
 * `ShapeError`; entries that are not numbers, and fractions in int32, are a `ValueError`.
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
  for (let v: Nested = values; Array.isArray(v) && shape.length <= mostAxes; v = v[0]) shape.push(v.length)
  checkShape(op, shape)
  const flat: number[] = []
  const go = (v: Nested, index: readonly number[]): void => {
    const n = shape[index.length]
    if (n === undefined) {
      if (typeof v !== 'number')
        throw new ValueError({
          op,
          expected: index.length === 0 ? 'a number, or nested arrays of numbers' : `a number at ${showShape(index)}`,
          actual: describe(v),
          code: 'wrong-argument',
          remedy: ArrayBuffer.isView(v) ? 'fromArray takes typed arrays, with a shape' : undefined,
        })
      flat.push(v)
    } else if (!Array.isArray(v) || v.length !== n) {
      const actual = Array.isArray(v) ? `${v.length}` : describe(v)
      throw new ShapeError({
        op,
        expected: `${n} entries at ${showShape(index)}, as in the first row`,
        actual,
        code: 'ragged',
      })
    } else for (let i = 0; i < n; i++) go(v[i], [...index, i])
  }
  go(values, [])
  return fresh(shape as Shape as ShapeOf<N>, filled(op, dtype ?? 'float32', flat) as DataOf[D])
}

/**
 * A tensor from numbers in row-major order, copied. The number format is by default that of a Float32Array,
 * Float64Array or Int32Array, and float32 for other arrays. A wrong number of entries is a `ShapeError`, an entry that
 * is not a number a `ValueError`.
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
  const own = ownShape(op, shape)
  const size = sizeOf(own)
  if (!isNumbers(values))
    throw new ValueError({
      op,
      expected: 'an array of numbers',
      actual: classNameOf(values) ?? describe(values),
      code: 'wrong-argument',
      remedy: typeof values === 'number' ? 'full repeats a number' : undefined,
    })
  checkHeld(op, values, size)
  if (values.length !== size)
    throw new ShapeError({
      op,
      expected: `${size} numbers for ${showShape(own)}`,
      actual: `${values.length}`,
      code: 'size-mismatch',
    })
  return fresh(own, filled(op, dtype ?? dtypeOf(values) ?? 'float32', values) as DataOf[D])
}

/**
 * A tensor from a scijs ndarray of any strides, copied. The number format is chosen as in `fromArray`. An ndarray that
 * reaches beyond the ends of its array is a `ShapeError`, an entry that is not a number a `ValueError`.
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
  if (!Array.isArray(array?.shape) || !Array.isArray(array.stride) || array.data === undefined)
    throw new StructureError({ op, expected: 'an ndarray', actual: describe(array) })
  const { data, stride, offset } = array
  const shape = ownShape(op, array.shape)
  if (!Array.isArray(data) && !(ArrayBuffer.isView(data) && isNumbers(data)))
    throw new DTypeError({ op, expected: 'an ndarray over an array of numbers', actual: `${array.dtype}` })
  const size = sizeOf(shape)
  checkHeld(op, data, size)
  const places = [offset, ...stride]
  if (stride.length !== shape.length || !places.every(Number.isSafeInteger) || !isWithin(array, data.length))
    throw new ShapeError({
      op,
      expected: `a layout within the ${data.length} numbers of the array`,
      actual: `shape ${showShape(shape)}, stride ${describeShape(stride)}, offset ${describe(offset)}`,
      code: 'bad-shape',
    })
  const own = dtypeOf(data)
  const format = dtype ?? own ?? 'float32'
  const exact = format === 'int32' && own !== 'int32' ? 'float64' : format
  const to = Array.isArray(data) ? new Array<number>(size) : allocate(exact, size, op)
  moveEntries(array, data, to, { stride: stridesOf(shape), offset: 0 })
  return fresh(shape as Shape, (dtypeOf(to) === format ? to : filled(op, format, to)) as DataOf[D])
}

/**
 * A tensor over a typed array in row-major order, NOT copied: do not write to the array afterwards.
 *
 * @example
 * import { toNested, unsafeFromBuffer } from 'pullback'
 * toNested(unsafeFromBuffer(Float32Array.of(1, 2), [2])) // => [1, 2]
 */
export const unsafeFromBuffer = <A extends Data, const S extends Shape>(data: A, shape: S): Tensor<S, FormatOf<A>> => {
  const op = 'unsafeFromBuffer'
  const own = ownShape(op, shape)
  const size = sizeOf(own)
  const dtype = dtypeOf(data)
  if (dtype === undefined)
    throw new DTypeError({
      op,
      expected: 'a Float32Array, Float64Array or Int32Array',
      actual: Object.prototype.toString.call(data),
    })
  checkHeld(op, data, size)
  if (data.length !== size)
    throw new ShapeError({
      op,
      expected: `${size} numbers for ${showShape(own)}`,
      actual: `${data.length}`,
      code: 'size-mismatch',
    })
  const Type = arrays[dtype]
  // An array of another realm has another class.
  const ours = data instanceof Type ? data : new Type(data.buffer as ArrayBuffer, data.byteOffset, size)
  return fresh(own, ours as Data as DataOf[FormatOf<A>])
}
