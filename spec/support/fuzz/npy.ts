import type { Source } from '../../arbitrary/numbers.ts'
import { bytesChanged, coded, textChanged } from './mutate.ts'

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]

/** An array of NumPy: a header of its length, and numbers. */
export const npyFile = (header: string, numbers: Uint8Array, version = 1): Uint8Array => {
  const head = new TextEncoder().encode(`${header}\n`)
  return Uint8Array.from([...magic, version, 0, ...coded(head.length, version === 1 ? 2 : 4), ...head, ...numbers])
}

/** The header or the numbers of an array changed in a sound frame, or any bytes. */
export const npyChanged = (next: Source, bytes: Uint8Array): Uint8Array => {
  const begin = bytes[6] === 1 ? 10 : 12
  const end = bytes.indexOf(10, begin)
  if (end < 0 || next() < 0.2) return bytesChanged(next, bytes)
  const header = new TextDecoder().decode(bytes.subarray(begin, end))
  const numbers = bytes.subarray(end + 1)
  return next() < 0.7
    ? npyFile(textChanged(next, header), numbers, bytes[6])
    : npyFile(header, bytesChanged(next, numbers), bytes[6])
}
