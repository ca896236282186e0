// The one place that makes ndarrays. A tensor is an ndarray seen read-only; kernels see the same object as Raw.
import type { NdArray, TypedArray } from 'ndarray'
import ndarray from 'ndarray'
import type { AnyTensor, DType, Shape, Tensor } from '../type/tensor.ts'
import { type Data, type DataOf, dtypeOfData } from './data.ts'
import { type Fields, plainMethods } from './plainView.ts'
import { stridesOf } from './shape.ts'
import { showTensor } from './show.ts'

/** What kernels see of a tensor: the buffer, and how the entries lie in it. */
export interface Raw {
  readonly data: Data
  readonly shape: Shape
  readonly stride: Shape
  readonly offset: number
  readonly size: number
  readonly dtype: DType
}

/** The raw side of a tensor, for kernels. The buffer of a traced or mapped tensor cannot be read: it throws. */
export const raw = (t: AnyTensor): Raw => t as unknown as Raw

/** Any ndarray over numbers of any format. */
export type View = new (data: Fields['data'], shape: Shape, stride: Shape, offset: number) => Fields

/** ndarray's own methods for a format and a rank; where its code must not be compiled, plain ones. */
const methods = (data: Fields['data'], dtype: string, rank: number): object => {
  try {
    return Object.getPrototypeOf(ndarray(data as number[], new Array<number>(rank).fill(1)))
  } catch (e) {
    if (e instanceof EvalError)
      return plainMethods(
        dtype,
        rank,
        (d, shape, stride, offset) => new (viewClass(d, dtype, shape.length))(d, shape, stride, offset),
      )
    throw e
  }
}

const views = new Map<string, View[]>()

/**
 * The class of ndarrays of a format and a rank, made once. It has ndarray's methods, but a constructor of its own: calling
 * `ndarray(…)` for each result would cost twenty times as much.
 */
export const viewClass = (data: Fields['data'], dtype: string, rank: number): View => {
  const ofFormat = views.get(dtype) ?? []
  views.set(dtype, ofFormat)
  const cached = ofFormat[rank]
  if (cached !== undefined) return cached
  function NdArray(
    this: { -readonly [K in keyof Fields]: Fields[K] },
    a: Fields['data'],
    shape: Shape,
    stride: Shape,
    offset: number,
  ) {
    this.data = a
    this.shape = shape
    this.stride = stride
    this.offset = offset
  }
  const found = NdArray as unknown as View
  const inspect = function (this: AnyTensor): string {
    return showTensor.show(this)
  }
  found.prototype = Object.create(methods(data, dtype, rank), {
    [Symbol.for('nodejs.util.inspect.custom')]: { value: inspect },
  })
  ofFormat[rank] = found
  return found
}

/** An ndarray over row-major numbers of any format. */
export const ndarrayOf = <A extends TypedArray>(data: A, shape: readonly number[]): NdArray<A> => {
  const dtype = Object.prototype.toString.call(data).slice(8, -6).toLowerCase()
  return new (viewClass(data, dtype, shape.length))(data, [...shape], stridesOf(shape), 0) as unknown as NdArray<A>
}

/** A tensor over a buffer that nobody writes to any more. */
export const view = <S extends Shape, D extends DType>(
  data: DataOf[D],
  shape: S,
  stride: Shape,
  offset: number,
): Tensor<S, D> =>
  new (viewClass(data, dtypeOfData(data), shape.length))(data, shape, stride, offset) as unknown as Tensor<S, D>

/** A tensor over fresh row-major data: whoever filled the buffer hands it over here and writes no more. */
export const fresh = <S extends Shape, D extends DType>(shape: S, data: DataOf[D]): Tensor<S, D> =>
  view<S, D>(data, shape, stridesOf(shape), 0)

/**
 * Whether a value is a tensor, traced, mapped or neither. (The values of a record are records or tensors, so a `dtype` in text tells.)
 *
 * @example
 * import { isTensor, zeros } from 'pullback'
 * [isTensor(zeros([2])), isTensor({ W: zeros([2]) })] // => [true, false]
 */
export const isTensor = (t: unknown): t is AnyTensor =>
  typeof t === 'object' && t !== null && typeof (t as { readonly dtype?: unknown }).dtype === 'string'
