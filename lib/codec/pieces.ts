// Files in pieces: a header, and the numbers of the tensors where they lie, so that a file is written without a copy.
import { lasting } from '../tensor/pack.ts'
import { read } from '../tensor/to.ts'
import type { AnyTensor } from '../type/tensor.ts'
import { inOrder } from './numbers/order.ts'

/** The bytes of a tensor's numbers, little-endian and row-major. Where they lie so already, they are not copied. */
export const numbersIn = (op: string, t: AnyTensor): Uint8Array => {
  const { buffer, byteOffset, byteLength, BYTES_PER_ELEMENT } = lasting(read(op, t))
  return inOrder(new Uint8Array(buffer, byteOffset, byteLength), BYTES_PER_ELEMENT)
}

/** The bytes of all pieces. */
export const joined = (pieces: readonly Uint8Array[]): Uint8Array => {
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece, at)
    at += piece.length
  }
  return bytes
}
