import type { Checksum } from '../../codec/crc32.ts'
import type { Inflate } from '../deflate/inflate.ts'
import { wrongArchive as wrong } from '../wrong.ts'
import type { PlacedEntry } from './places.ts'

/** Deflate makes at most so many bytes of one: a match of 258 from two bits. */
const mostOfOne = 1032

/** The bytes that entries may become together, which is checked before any is inflated. */
export const checkSizes = (entries: readonly PlacedEntry[], limit: number): void => {
  let total = 0
  for (const { name, method, packed, size, at } of entries) {
    if (method === 0) continue
    if (size > mostOfOne * packed)
      throw wrong('WrongSize', `at most ${mostOfOne * packed} bytes, since ${packed} bytes hold no more`, `${size}`, {
        byte: at,
        entry: name,
      })
    total += size
    if (total > limit)
      throw wrong('TooLarge', `entries of at most ${limit} bytes when inflated`, `${total} or more`, {
        byte: at,
        entry: name,
        remedy: 'give a higher { limit } if the file is trusted',
      })
  }
}

/** The bytes of an entry; its checksum must be right. */
export const contentOf = (bytes: Uint8Array, entry: PlacedEntry, inflate: Inflate, checksum: Checksum): Uint8Array => {
  const { name, data, packed, method, size, crc } = entry
  const raw = bytes.subarray(data, data + packed)
  const found = method === 0 ? raw : inflate(raw, size)
  if (!ArrayBuffer.isView(found))
    throw wrong(found.reason, found.expected, found.actual, { byte: data + found.byte, entry: name })
  const computed = checksum(found)
  if (computed === crc) return found
  const shown = (n: number): string => n.toString(16).padStart(8, '0')
  throw wrong('WrongChecksum', `the checksum ${shown(crc)}`, shown(computed), {
    byte: data,
    entry: name,
    remedy: 'the file is damaged: use another copy of it',
  })
}
