import { DTypeError, StructureError, ValueError } from '../error/tensorError.ts'
import type { Reducible, Reduction } from './group.ts'

/** The number formats that ranks reduce. */
export type ReducibleFormat = 'float32' | 'float64' | 'int32'

/** The format of numbers to reduce; others are a `DTypeError`. */
export const formatOf = (op: string, numbers: Reducible): ReducibleFormat => {
  if (numbers instanceof Float32Array) return 'float32'
  if (numbers instanceof Float64Array) return 'float64'
  if (numbers instanceof Int32Array) return 'int32'
  const actual = Object.prototype.toString.call(numbers)
  throw new DTypeError({ op, expected: 'a Float32Array, a Float64Array or an Int32Array', actual })
}

/** An unknown way to reduce is a `ValueError`. */
export const checkReduction = (op: string, by: Reduction): void => {
  if (by === 'sum' || by === 'max') return
  throw new ValueError({ op, expected: "'sum' or 'max'", actual: `${by}`, code: 'unknown-choice' })
}

/** Error for bytes to send that are no `Uint8Array`. */
export const checkBytes = (op: string, bytes: Uint8Array): void => {
  if (bytes instanceof Uint8Array) return
  const actual = Object.prototype.toString.call(bytes)
  throw new StructureError({ op, expected: 'a Uint8Array', actual, remedy: 'view the buffer as one' })
}

/** The number of a rank; another is a `ValueError`. */
export const checkRank = (op: string, rank: number, size: number): void => {
  if (Number.isInteger(rank) && rank >= 0 && rank < size) return
  throw new ValueError({ op, expected: `a rank from 0 to ${size - 1}`, actual: `${rank}` })
}
