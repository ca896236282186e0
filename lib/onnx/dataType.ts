// The number formats of ONNX, and what becomes of them.
import { type Numbers, numbers } from '../codec/numbers/numbers.ts'
import type { DType } from '../type/tensor.ts'
import type { Kind } from './value.ts'

export interface DataType {
  readonly name: string
  readonly kind: Kind
  readonly numbers: Numbers
  /** The field that holds them where they are no raw bytes. */
  readonly field: 'floatData' | 'doubleData' | 'int32Data' | 'int64Data' | 'uint64Data'
}

const type = (name: string, kind: Kind, of: Numbers, field: DataType['field']): DataType => ({
  name,
  kind,
  numbers: of,
  field,
})

/** The formats that are read, by their codes in files. */
export const dataTypes: ReadonlyMap<number, DataType> = /* @__PURE__ */ new Map([
  [1, type('float', 'float', numbers.float32, 'floatData')],
  [2, type('uint8', 'int', numbers.uint8, 'int32Data')],
  [3, type('int8', 'int', numbers.int8, 'int32Data')],
  [4, type('uint16', 'int', numbers.uint16, 'int32Data')],
  [5, type('int16', 'int', numbers.int16, 'int32Data')],
  [6, type('int32', 'int', numbers.int32, 'int32Data')],
  [7, type('int64', 'int', numbers.int64, 'int64Data')],
  [9, type('bool', 'bool', numbers.bool, 'int32Data')],
  [10, type('float16', 'float', numbers.float16, 'int32Data')],
  [11, type('double', 'float', numbers.float64, 'doubleData')],
  [12, type('uint32', 'int', numbers.uint32, 'uint64Data')],
  [13, type('uint64', 'int', numbers.uint64, 'uint64Data')],
  [16, type('bfloat16', 'float', numbers.bfloat16, 'int32Data')],
])

/** The format that is written for each of ours. */
export const codes: Readonly<Record<DType, number>> = { float32: 1, float64: 11, int32: 6 }
export const int64 = 7

/** The names of formats that are not read. */
const others: ReadonlyMap<number, string> = /* @__PURE__ */ new Map([
  [8, 'string'],
  [14, 'complex64'],
  [15, 'complex128'],
  [17, 'float8e4m3fn'],
  [18, 'float8e4m3fnuz'],
  [19, 'float8e5m2'],
  [20, 'float8e5m2fnuz'],
  [21, 'uint4'],
  [22, 'int4'],
  [23, 'float4e2m1'],
  [24, 'float8e8m0'],
])

/** The name of a format. */
export const showType = (code = 0): string =>
  code === 0 ? 'no number format' : (dataTypes.get(code)?.name ?? others.get(code) ?? `number format ${code}`)
