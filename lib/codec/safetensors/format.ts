// The format of a safetensors file: eight bytes with the length of a header, the header as JSON, and the numbers,
// little-endian and row-major.
import { FormatError, type FormatReason } from '../../error/fileError.ts'
import type { AnyTensor, DType, Shape } from '../../type/tensor.ts'
import { type Numbers, numbers } from '../numbers/numbers.ts'

/** A flat record of tensors, and metadata strings. */
export interface Safetensors {
  readonly tensors: { readonly [name: string]: AnyTensor }
  readonly metadata: { readonly [name: string]: string }
}

/** A tensor as declared in the header; its numbers lie from `begin` to `end`, counted from the end of the header. */
export interface Entry {
  readonly name: string
  /** The name of its number format in the file: 'F32', 'BF16', 'I64'. */
  readonly dtype: string
  readonly shape: Shape
  readonly begin: number
  readonly end: number
}

/** The content of a file without its numbers, which begin at `start`. */
export interface Contents {
  readonly entries: readonly Entry[]
  readonly metadata: Safetensors['metadata']
  readonly start: number
}

/** The longest header that the format allows. */
export const longestHeader = 100_000_000
/** The name of the metadata in the header. */
export const metadataName = '__metadata__'

/** The number formats that are read, by their names in the file. */
export const codes: ReadonlyMap<string, Numbers> = new Map<string, Numbers>([
  ['F64', numbers.float64],
  ['F32', numbers.float32],
  ['F16', numbers.float16],
  ['BF16', numbers.bfloat16],
  ['F8_E5M2', numbers.e5m2],
  ['F8_E4M3', numbers.e4m3],
  ['F8_E5M2FNUZ', numbers.e5m2fnuz],
  ['F8_E4M3FNUZ', numbers.e4m3fnuz],
  ['F8_E8M0', numbers.e8m0],
  ['F4', numbers.e2m1],
  ['I64', numbers.int64],
  ['U64', numbers.uint64],
  ['I32', numbers.int32],
  ['U32', numbers.uint32],
  ['I16', numbers.int16],
  ['U16', numbers.uint16],
  ['I8', numbers.int8],
  ['U8', numbers.uint8],
  ['BOOL', numbers.bool],
])
/** The number formats of the specification that are not read, and the remedy. */
export const unread: ReadonlyMap<string, string> = new Map(
  Object.entries({
    F6_E2M3: 'no order of its bits is specified: convert the numbers to F8_E4M3 where the file was written',
    F6_E3M2: 'no order of its bits is specified: convert the numbers to F8_E5M2 where the file was written',
    C64: 'save the real and the imaginary parts as two tensors of F32 where the file was written',
  }),
)
/** The names of the number formats that are written. */
export const codeOf: Readonly<Record<DType, string>> = { float32: 'F32', float64: 'F64', int32: 'I32' }
export const widthOf: Readonly<Record<DType, number>> = { float32: 4, float64: 8, int32: 4 }

/** A text, shortened. */
export const cut = (text: string): string =>
  text.length > 60 ? `${text.slice(0, 59)}…` : text === '' ? 'the end' : text

/** The error for the bytes of a safetensors file. */
export const wrong = (
  reason: FormatReason,
  expected: string,
  actual: string,
  more: {
    readonly byte?: number | undefined
    readonly entry?: string | undefined
    readonly remedy?: string | undefined
  } = {},
): FormatError => new FormatError({ format: 'safetensors', reason, expected, actual, ...more })
