import { DTypeError, StructureError, ValueError } from '../error/tensorError.ts'
import type { DType, Shape } from '../type/tensor.ts'
import { residentOf } from './resident.ts'

/** The buffer type of each number format. */
export interface DataOf {
  readonly float32: Float32Array
  readonly float64: Float64Array
  readonly int32: Int32Array
}
export type Data = DataOf[DType]

/**
 * Marks the classes of tensors, traced and mapped ones too; the same in all copies of the library that a program has
 * loaded.
 */
export const mark: unique symbol = Symbol.for('pullback.tensor')

/**
 * True for an object with the fields of a tensor: an ndarray, or a copy of a tensor by `structuredClone` or a spread.
 */
const isLikeTensor = (u: object): u is { readonly shape: Shape } =>
  'stride' in u && 'offset' in u && 'shape' in u && Array.isArray(u.shape)

/** True for the JSON form of a tensor. */
const isJson = (u: object): u is { readonly shape: Shape } =>
  'tensor' in u && 'values' in u && 'shape' in u && Array.isArray(u.values) && Array.isArray(u.shape)

/** A short description of a value, for an error that expected something else. */
export const describe = (u: unknown): string => {
  if (typeof u === 'function') return 'a function'
  if (typeof u === 'string') return u.length > 60 ? `'${u.slice(0, 57)}…'` : `'${u}'`
  if (typeof u === 'bigint') return `${u}n`
  if (typeof u !== 'object' || u === null) return String(u)
  if (Array.isArray(u) || ArrayBuffer.isView(u)) return 'an array'
  if (u instanceof Promise) return 'a promise without await'
  if (isLikeTensor(u) || isJson(u)) {
    const shape = describeShape(u.shape)
    if (mark in u) return `a tensor ${shape}`
    return 'dtype' in u ? `an ndarray ${shape}` : `a copy of a tensor ${shape} without its methods`
  }
  const names = Object.keys(u).sort()
  return names.length === 0 ? 'an empty record' : `the names ${names.join(', ')}`
}

/** A shape as it was given: its sizes, or a description of a value that is not a shape. */
export const describeShape = (shape: unknown): string =>
  Array.isArray(shape) ? `[${shape.map(describe).join(', ')}]` : describe(shape)

/** A buffer of zeros. A size beyond the memory, or an unknown number format, is an error. */
export const allocate = <D extends DType>(dtype: D, size: number, op = 'allocate'): DataOf[D] => {
  if (typeof dtype !== 'string' || !Object.hasOwn(arrays, dtype))
    throw new DTypeError({ op, expected: 'float32, float64 or int32', actual: describe(dtype), code: 'unknown-choice' })
  try {
    return new arrays[dtype](size) as DataOf[D]
  } catch (e) {
    if (!(e instanceof RangeError)) throw e
    throw new ValueError({
      op: 'allocate',
      expected: 'as many numbers as memory holds',
      actual: `${size}`,
      code: 'too-large',
    })
  }
}

/** The largest finite number of each float format. */
export const most = { float32: 3.4028234663852886e38, float64: Number.MAX_VALUE } as const

/** The class of the buffer of each number format. */
export const arrays = { float32: Float32Array, float64: Float64Array, int32: Int32Array } as const

const formats: Readonly<Record<string, DType>> = {
  Float32Array: 'float32',
  Float64Array: 'float64',
  Int32Array: 'int32',
}

/** The class name of a typed array, which also works for one of another realm (a frame, a `vm` context). */
export const classNameOf = (u: unknown): string | undefined =>
  ArrayBuffer.isView(u) ? Object.prototype.toString.call(u).slice(8, -1) : undefined

/** The number format of a typed array, if tensors support it. */
export const dtypeOf = (data: unknown): DType | undefined => {
  const name = classNameOf(data)
  return name !== undefined && Object.hasOwn(formats, name) ? formats[name] : undefined
}

/** The number format of a tensor's buffer. */
export const dtypeOfData = (data: Data): DType => {
  if (data instanceof Float32Array) return 'float32'
  if (data instanceof Float64Array) return 'float64'
  return data instanceof Int32Array ? 'int32' : (residentOf(data)?.dtype ?? 'int32')
}

type Formatted = { readonly dtype: DType }

/** The error for a value that is not a tensor. */
export const notATensor = (op: string, given: unknown): StructureError =>
  new StructureError({
    op,
    expected: 'a tensor',
    actual: describe(given),
    code: 'not-a-tensor',
    remedy: remedyFor(given) ?? 'fromNested makes one of numbers',
  })

/** How to make a tensor of a value that has its fields but is not a tensor. */
export const remedyFor = (given: unknown): string | undefined => {
  if (typeof given !== 'object' || given === null || mark in given) return undefined
  const lost = 'JSON and structuredClone lose what a tensor is: toBytes and fromBytes keep it'
  if (isJson(given)) return `${lost}, and fromJSON reads it from its JSON`
  if (!isLikeTensor(given)) return undefined
  return 'dtype' in given ? 'fromNdarray makes one of it' : `${lost}, and revive restores a copy`
}

/** Checks that a value is a tensor. */
export function checkTensor<T>(op: string, given: T): asserts given is NonNullable<T> {
  if ((given as { readonly [mark]?: true } | undefined | null)?.[mark] !== true) throw notATensor(op, given)
}

/** The format that two operands share; two different formats in one operation are an error. */
export const sameDType = (op: string, a: Formatted, b: Formatted): void => {
  checkTensor(op, b)
  if (a.dtype !== b.dtype)
    throw new DTypeError({ op, expected: 'one number format', actual: `${a.dtype} and ${b.dtype}`, remedy: 'use cast' })
}

export const floatDType = (op: string, a: Formatted): void => {
  checkTensor(op, a)
  if (a.dtype === 'float32' || a.dtype === 'float64') return
  throw new DTypeError({ op, expected: 'float32 or float64', actual: a.dtype, remedy: 'use cast' })
}

export const indexDType = (op: string, a: Formatted): void => {
  checkTensor(op, a)
  if (a.dtype !== 'int32')
    throw new DTypeError({
      op,
      expected: 'labels or indices in int32',
      actual: a.dtype,
      remedy: "use fromNested(…, 'int32')",
    })
}

/** Checks that int32 can hold a number: a label rounded silently would name another class. */
export const checkInt32 = (op: string, value: number): void => {
  if ((value | 0) !== value) throw new ValueError({ op, expected: 'whole numbers of 32 bits', actual: `${value}` })
}
