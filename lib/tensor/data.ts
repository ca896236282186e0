import { DTypeError, ValueError } from '../error/tensorError.ts'
import type { DType } from '../type/tensor.ts'

/** The buffer behind each number format. */
export interface DataOf {
  readonly float32: Float32Array
  readonly float64: Float64Array
  readonly int32: Int32Array
}
export type Data = DataOf[DType]

/** A buffer of zeros. */
export const allocate = <D extends DType>(dtype: D, size: number): DataOf[D] => {
  const data =
    dtype === 'float32' ? new Float32Array(size) : dtype === 'float64' ? new Float64Array(size) : new Int32Array(size)
  return data as DataOf[D]
}

const formats: Readonly<Record<string, DType>> = {
  Float32Array: 'float32',
  Float64Array: 'float64',
  Int32Array: 'int32',
}

/** The number format of a typed array, if tensors have it. */
export const dtypeOf = (data: ArrayLike<number>): DType | undefined =>
  formats[Object.prototype.toString.call(data).slice(8, -1)]

/** The format that two operands share; two different formats in one operation are a mistake. */
export const sameDType = (op: string, a: { readonly dtype: DType }, b: { readonly dtype: DType }): void => {
  if (a.dtype !== b.dtype)
    throw new DTypeError({ op, expected: `one number format`, actual: `${a.dtype} and ${b.dtype}`, remedy: 'use cast' })
}

export const floatDType = (op: string, a: { readonly dtype: DType }): void => {
  if (a.dtype !== 'float32' && a.dtype !== 'float64')
    throw new DTypeError({ op, expected: 'float32 or float64', actual: a.dtype, remedy: 'use cast' })
}

export const indexDType = (op: string, a: { readonly dtype: DType }): void => {
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
