// The one place that makes ndarrays. A tensor is an ndarray seen read-only; kernels see the same object as Raw.
import ndarray from 'ndarray'
import type { AnyTensor, DType, Shape, Tensor } from '../type/tensor.ts'
import { allocate, type Data, type DataOf } from './data.ts'
import { stridesOf } from './shape.ts'

/** What kernels see of a tensor: the buffer, and how the entries lie in it. */
export interface Raw {
  readonly data: Data
  readonly shape: Shape
  readonly stride: Shape
  readonly offset: number
  readonly size: number
  readonly dtype: DType
}

/** The raw side of a tensor, for kernels. The buffer of a traced tensor cannot be read: it throws. */
export const raw = (t: AnyTensor): Raw => t as unknown as Raw

type Four = readonly [number, number, number, number]
type View = new (data: Data, ...sizesStridesOffset: readonly number[]) => object

/** ndarray compiles one class for each format and rank; calling it directly costs a twentieth of `ndarray(…)`. */
const views: Readonly<Record<DType, View[]>> = { float32: [], float64: [], int32: [] }
const viewClass = (dtype: DType, rank: number): View => {
  const cached = views[dtype][rank]
  if (cached !== undefined) return cached
  const ones = new Array<number>(rank).fill(1)
  const found = ndarray(allocate(dtype, 1), ones).constructor as View
  views[dtype][rank] = found
  return found
}
const dtypeOfData = (data: Data): DType =>
  data instanceof Float32Array ? 'float32' : data instanceof Float64Array ? 'float64' : 'int32'

/** A tensor over a buffer that nobody writes to any more. */
export const view = <S extends Shape, D extends DType>(
  data: DataOf[D],
  shape: S,
  stride: Shape,
  offset: number,
): Tensor<S, D> => {
  const Class = viewClass(dtypeOfData(data), shape.length)
  const n = shape as readonly number[] as Four
  const s = stride as Four
  switch (shape.length) {
    case 0:
      return new Class(data, offset) as Tensor<S, D>
    case 1:
      return new Class(data, n[0], s[0], offset) as Tensor<S, D>
    case 2:
      return new Class(data, n[0], n[1], s[0], s[1], offset) as Tensor<S, D>
    case 3:
      return new Class(data, n[0], n[1], n[2], s[0], s[1], s[2], offset) as Tensor<S, D>
    default:
      return new Class(data, ...shape, ...stride, offset) as Tensor<S, D>
  }
}

/** A tensor over fresh row-major data: whoever filled the buffer hands it over here and writes no more. */
export const fresh = <S extends Shape, D extends DType>(shape: S, data: DataOf[D]): Tensor<S, D> =>
  view<S, D>(data, shape, stridesOf(shape), 0)

/**
 * Whether a value is a tensor, traced or not. (The values of a record are records or tensors, so a `dtype` in text tells.)
 *
 * @example
 * import { isTensor, zeros } from 'pullback'
 * [isTensor(zeros([2])), isTensor({ W: zeros([2]) })] // => [true, false]
 */
export const isTensor = (t: unknown): t is AnyTensor =>
  typeof t === 'object' && t !== null && typeof (t as { readonly dtype?: unknown }).dtype === 'string'
