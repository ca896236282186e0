import type { Checksum } from '../../codec/crc32.ts'
import { type Limits, toRaise } from '../../codec/limits.ts'
import { type Fault, type Inflate, inflateFirst } from '../deflate/inflate.ts'
import { wrongArchive as wrong } from '../wrong.ts'
import type { PlacedEntry } from './places.ts'

/** Deflate makes at most so many bytes of one: a match of 258 from two bits. */
const mostOfOne = 1032

/** The bytes that entries may become together, which is checked before any is inflated. */
export const checkSizes = (entries: readonly PlacedEntry[], { inflated }: Limits): void => {
  let total = 0
  for (const { name, method, packed, size, at } of entries) {
    if (method === 0) continue
    if (size > mostOfOne * packed)
      throw wrong('WrongSize', `at most ${mostOfOne * packed} bytes, since ${packed} bytes hold no more`, `${size}`, {
        byte: at,
        entry: name,
      })
    total += size
    if (total > inflated)
      throw wrong('TooLarge', `entries of at most ${inflated} bytes when inflated`, `${total} or more`, {
        byte: at,
        entry: name,
        remedy: toRaise('inflated'),
      })
  }
}

const inflated = ({ name, data }: PlacedEntry, found: Uint8Array | Fault): Uint8Array => {
  if (ArrayBuffer.isView(found)) return found
  throw wrong(found.reason, found.expected, found.actual, { byte: data + found.byte, entry: name })
}

/** The first bytes of an entry, at most so many. */
export const beginningOf = (bytes: Uint8Array, entry: PlacedEntry, count: number): Uint8Array => {
  const { data, packed, method, size } = entry
  if (method === 0) return bytes.subarray(data, data + Math.min(packed, count))
  return inflated(entry, inflateFirst(bytes.subarray(data, data + packed), size, count))
}

/** The bytes of an entry; its checksum must be right. */
export const contentOf = (bytes: Uint8Array, entry: PlacedEntry, inflate: Inflate, checksum: Checksum): Uint8Array => {
  const { name, data, packed, method, size, crc } = entry
  const raw = bytes.subarray(data, data + packed)
  const found = method === 0 ? raw : inflated(entry, inflate(raw, size))
  const computed = checksum(found)
  if (computed === crc) return found
  const shown = (n: number): string => n.toString(16).padStart(8, '0')
  throw wrong('WrongChecksum', `the checksum ${shown(crc)}`, shown(computed), {
    byte: data,
    entry: name,
    remedy: 'the file is damaged: use another copy of it',
  })
}
