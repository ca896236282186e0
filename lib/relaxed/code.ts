// The kernels with relaxed SIMD are the portable ones but for a thousand bytes.
import { bytesOf } from '../kernel/wasm/text.ts'

/** What the portable code has between two places, and then the bytes of a text. */
export type Piece = readonly [from: number, to: number, text: string]

/** Code from pieces of another. */
export const assembled = (code: Uint8Array, pieces: readonly Piece[]): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(pieces.flatMap(([from, to, text]) => [...code.subarray(from, to), ...bytesOf(text)]))
