// The only place that makes ndarrays. A tensor is a read-only view of an ndarray; kernels see the same object as Raw.
import type { NdArray, TypedArray } from 'ndarray'
import ndarray from 'ndarray'
import { ShapeError, ValueError } from '../error/tensorError.ts'
import type { AnyTensor, DType, Shape, Tensor } from '../type/tensor.ts'
import { arrays, type Data, type DataOf, dtypeOfData, mark } from './data.ts'
import { Gathered } from './gathered.ts'
import { jsonOf, type TensorJson } from './json.ts'
import { type Fields, plainMethods } from './plainView.ts'
import { checkLive } from './released.ts'
import { numbersOf } from './resident.ts'
import { isWithin, showShape, stridesOf } from './shape.ts'
import { showTensor } from './show.ts'

/**
 * A tensor as kernels see it: the buffer, and the layout of the entries in it. The buffer may be a handle of the engine
 * (`Resident`): only the engine looks inside, and `numbersOf` reads it.
 */
export interface Raw {
  readonly buffer: Data
  readonly shape: Shape
  readonly stride: Shape
  readonly offset: number
  readonly size: number
  readonly dtype: DType
}

/** The raw view of a tensor as it is stored, for those who know what to do with rows that are not gathered yet. */
export const stored = (t: AnyTensor): Raw => t as unknown as Raw

/** The raw view of a tensor, for kernels. Reading the buffer of a traced or mapped tensor throws. */
export const raw = (t: AnyTensor): Raw => {
  const x = stored(t)
  return (x.buffer as unknown) instanceof Gathered
    ? stored(view(numbersOf(x.buffer as Float32Array), x.shape, x.stride, x.offset))
    : x
}

/** An ndarray; with plain methods where ndarray's code cannot be compiled. */
const anyNdarray = (data: Fields['data'], shape: Shape, stride: Shape, offset: number): Fields => {
  try {
    return ndarray(data as number[], [...shape], [...stride], offset)
  } catch (e) {
    if (!(e instanceof EvalError)) throw e
    const dtype = Object.prototype.toString.call(data).slice(8, -6).toLowerCase()
    return Object.assign(Object.create(plainMethods(dtype, shape.length, anyNdarray)), { data, shape, stride, offset })
  }
}

/** An ndarray over row-major numbers of any format. */
export const ndarrayOf = <A extends TypedArray>(data: A, shape: readonly number[]): NdArray<A> =>
  anyNdarray(data, [...shape], stridesOf(shape), 0) as unknown as NdArray<A>

/**
 * A part of a tensor, as ndarray's methods make it, but read-only. A part that reaches beyond the tensor is an error.
 */
const part = (data: Fields['data'], shape: Shape, stride: Shape, offset: number): Fields => {
  if (!isWithin({ shape, stride, offset }, data.length))
    throw new ShapeError({
      op: 'view',
      expected: 'a part of the tensor',
      actual: showShape(shape),
      code: 'index-out-of-range',
      remedy: 'use op.slice',
    })
  return view(data as unknown as Data, shape, stride, offset) as unknown as Fields
}

/** The methods that tensors override: writing throws, and so does reading a tensor released by a step. */
const own: PropertyDescriptorMap = {
  [mark]: { value: true },
  data: {
    get(this: Raw): Data {
      return numbersOf(checkLive('data', this).buffer)
    },
  },
  set: {
    value(): never {
      throw new ValueError({
        op: 'set',
        expected: 'no writes, since tensors are immutable',
        actual: 'a new entry',
        code: 'immutable',
        remedy: 'make another tensor, or write to the copy that toNdarray gives',
      })
    },
  },
  toJSON: {
    value(this: AnyTensor): TensorJson {
      return jsonOf(this)
    },
  },
  [Symbol.for('nodejs.util.inspect.custom')]: {
    value(this: AnyTensor): string {
      return showTensor.show(this)
    },
  },
}

type TensorClass = new (buffer: Data, shape: Shape, stride: Shape, offset: number) => Raw

const classes: { readonly [D in DType]: TensorClass[] } = { float32: [], float64: [], int32: [] }

/**
 * The class of tensors of a format and a rank, made once. It reads as ndarray's does, but has its own constructor:
 * calling `ndarray(…)` for each result would cost twenty times as much.
 */
const classOf = (dtype: DType, rank: number): TensorClass => {
  const cached = classes[dtype][rank]
  if (cached !== undefined) return cached
  function NdArray(
    this: { -readonly [K in keyof Raw]: Raw[K] },
    buffer: Data,
    shape: Shape,
    stride: Shape,
    offset: number,
  ) {
    this.buffer = buffer
    this.shape = shape
    this.stride = stride
    this.offset = offset
  }
  const ones = new Array<number>(rank).fill(1)
  const { lo, hi, step, transpose, pick } = Object.getOwnPropertyDescriptors(plainMethods(dtype, rank, part))
  const read = Object.getPrototypeOf(anyNdarray(new arrays[dtype](1), ones, ones, 0))
  NdArray.prototype = Object.create(read, { ...own, lo, hi, step, transpose, pick } as PropertyDescriptorMap)
  const made = NdArray as unknown as TensorClass
  classes[dtype][rank] = made
  return made
}

/** A tensor over a buffer that is not written to any more. */
export const view = <S extends Shape, D extends DType>(
  buffer: DataOf[D],
  shape: S,
  stride: Shape,
  offset: number,
): Tensor<S, D> =>
  new (classOf(dtypeOfData(buffer), shape.length))(buffer, shape, stride, offset) as unknown as Tensor<S, D>

/** A tensor over fresh row-major data: the caller hands the buffer over and does not write to it again. */
export const fresh = <S extends Shape, D extends DType>(shape: S, data: DataOf[D]): Tensor<S, D> =>
  view<S, D>(data, shape, stridesOf(shape), 0)

/**
 * True for a tensor: plain, traced or mapped. An ndarray is not a tensor, nor is a copy by JSON or `structuredClone`.
 *
 * @example
 * import { isTensor, zeros } from 'pullback'
 * [isTensor(zeros([2])), isTensor({ W: zeros([2]) })] // => [true, false]
 */
export const isTensor = (t: unknown): t is AnyTensor =>
  typeof t === 'object' && t !== null && (t as { readonly [mark]?: unknown })[mark] === true
