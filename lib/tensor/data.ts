import { DTypeError, StructureError, ValueError } from '../error/tensorError.ts'
import type { DType, Shape } from '../type/tensor.ts'

/** The buffer behind each number format. */
export interface DataOf {
  readonly float32: Float32Array
  readonly float64: Float64Array
  readonly int32: Int32Array
}
export type Data = DataOf[DType]

/** What a value is, for an error that expected something else. */
export const describe = (u: unknown): string => {
  if (typeof u === 'function') return 'a function'
  if (typeof u === 'string') return `'${u}'`
  if (typeof u !== 'object' || u === null) return String(u)
  const { dtype, shape } = u as { readonly dtype?: unknown; readonly shape?: Shape }
  if (typeof dtype === 'string') return `a tensor [${shape?.join(', ')}]`
  if (Array.isArray(u) || ArrayBuffer.isView(u)) return 'an array'
  const names = Object.keys(u).sort()
  return names.length === 0 ? 'an empty record' : `the names ${names.join(', ')}`
}

/** A buffer of zeros. More than fits in memory, or a format that tensors have not, is an error. */
export const allocate = <D extends DType>(dtype: D, size: number): DataOf[D] => {
  const Type = arrays[dtype]
  if (Type === undefined)
    throw new DTypeError({ op: 'allocate', expected: 'float32, float64 or int32', actual: describe(dtype) })
  try {
    return new Type(size) as DataOf[D]
  } catch (e) {
    if (!(e instanceof RangeError)) throw e
    throw new ValueError({ op: 'allocate', expected: 'as many numbers as memory holds', actual: `${size}` })
  }
}

/** The class of the buffer of each number format. */
export const arrays = { float32: Float32Array, float64: Float64Array, int32: Int32Array } as const

const formats: Readonly<Record<string, DType>> = {
  Float32Array: 'float32',
  Float64Array: 'float64',
  Int32Array: 'int32',
}

/** The number format of a typed array, if tensors have it. */
export const dtypeOf = (data: ArrayLike<number>): DType | undefined =>
  formats[Object.prototype.toString.call(data).slice(8, -1)]

/** The number format of a buffer of a tensor. */
export const dtypeOfData = (data: Data): DType =>
  data instanceof Float32Array ? 'float32' : data instanceof Float64Array ? 'float64' : 'int32'

type Formatted = { readonly dtype: DType }

/** Something given as a tensor that is none. */
export const notATensor = (op: string, given: unknown): StructureError =>
  new StructureError({ op, expected: 'a tensor', actual: describe(given), remedy: 'fromNested makes one of numbers' })

/** The format that two operands share; two different formats in one operation are a mistake. */
export const sameDType = (op: string, a: Formatted, b: Formatted): void => {
  if (typeof b?.dtype !== 'string') throw notATensor(op, b)
  if (a.dtype !== b.dtype)
    throw new DTypeError({ op, expected: 'one number format', actual: `${a.dtype} and ${b.dtype}`, remedy: 'use cast' })
}

export const floatDType = (op: string, a: Formatted): void => {
  if (a?.dtype === 'float32' || a?.dtype === 'float64') return
  if (typeof a?.dtype !== 'string') throw notATensor(op, a)
  throw new DTypeError({ op, expected: 'float32 or float64', actual: a.dtype, remedy: 'use cast' })
}

export const indexDType = (op: string, a: Formatted): void => {
  if (typeof a?.dtype !== 'string') throw notATensor(op, a)
  if (a.dtype !== 'int32')
    throw new DTypeError({
      op,
      expected: 'labels or indices in int32',
      actual: a.dtype,
      remedy: "use fromNested(…, 'int32')",
    })
}

/** A number that int32 can hold: rounding a label silently would name another class. */
export const checkInt32 = (op: string, value: number): void => {
  if ((value | 0) !== value) throw new ValueError({ op, expected: 'whole numbers of 32 bits', actual: `${value}` })
}
