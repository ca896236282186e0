import type { Data } from '../tensor/data.ts'

/** The bytes of arrays, one after the other. */
export const bytesOf = (arrays: readonly Data[]): Uint8Array => {
  const bytes = new Uint8Array(arrays.reduce((n, { byteLength }) => n + byteLength, 0))
  let at = 0
  for (const { buffer, byteOffset, byteLength } of arrays) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at)
    at += byteLength
  }
  return bytes
}
