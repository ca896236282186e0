// The format of a safetensors file: eight bytes with the length of a header, the header as JSON, and the numbers,
// little-endian and row-major.
import { FormatError, type FormatReason } from '../../error/fileError.ts'
import type { AnyTensor, DType, Shape } from '../../type/tensor.ts'

/** A flat record of tensors, and metadata strings. */
export interface Safetensors {
  readonly tensors: { readonly [name: string]: AnyTensor }
  readonly metadata: { readonly [name: string]: string }
}

/** A tensor as declared in the header; its numbers lie from `begin` to `end`, counted from the end of the header. */
export interface Entry {
  readonly name: string
  readonly dtype: DType
  readonly shape: Shape
  readonly begin: number
  readonly end: number
}

/** The longest header that the format allows. */
export const longestHeader = 100_000_000
/** The name of the metadata in the header. */
export const metadataName = '__metadata__'

/** The number formats of tensors, by their names in the file. */
export const codes: ReadonlyMap<string, DType> = new Map([
  ['F32', 'float32'],
  ['F64', 'float64'],
  ['I32', 'int32'],
])
export const codeOf: Readonly<Record<DType, string>> = { float32: 'F32', float64: 'F64', int32: 'I32' }
export const widthOf: Readonly<Record<DType, number>> = { float32: 4, float64: 8, int32: 4 }

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

/** A copy of some bytes. `slice` of a Node `Buffer`, which is a Uint8Array, does not copy. */
export const part = (bytes: Uint8Array, from: number, to: number): Uint8Array =>
  Uint8Array.prototype.slice.call(bytes, from, to) as Uint8Array

const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

/** Reverses the bytes of each number of a given width. */
export const swapped = (bytes: Uint8Array, width: number): Uint8Array =>
  bytes.map((_, i) => bytes[i - (i % width) + width - 1 - (i % width)] as number)

/** Converts the bytes of numbers between the order of this machine and that of the file. */
export const inFileOrder = (bytes: Uint8Array, width: number): Uint8Array =>
  isLittleEndian ? bytes : swapped(bytes, width)
