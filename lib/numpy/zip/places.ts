// Where the bytes of entries lie in an archive: each behind a header of its own, which must say what the list says, and
// one behind the other, without overlap or hole.
import { wrongArchive as wrong } from '../wrong.ts'
import { type Directory, longFields, type ZipEntry } from './directory.ts'

/** An entry, and the position of its bytes. */
export interface PlacedEntry extends ZipEntry {
  readonly data: number
}

/** What may be set: two bits that tell the effort of compression, a descriptor behind the bytes, a name in UTF-8. */
const known = 0x080e
const describes = 0x0008
/** The newest version of the format, times ten, that an entry may need. */
const newest = 63

/** The position of an entry's bytes, by its own header. */
const dataOf = (bytes: Uint8Array, entry: ZipEntry, start: number): number => {
  const { name, at } = entry
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const fail = (expected: string, actual: string) => wrong('BadEntry', expected, actual, { byte: at, entry: name })
  if (at + 30 > start || view.getUint32(at, true) !== 0x04034b50) throw fail('the header of an entry', 'other bytes')
  if ((entry.flags & ~known) !== 0)
    throw wrong('Unsupported', 'an entry that is not encrypted', `the flags ${entry.flags.toString(2)}`, {
      byte: at,
      entry: name,
    })
  if (view.getUint16(at + 4, true) > newest || entry.needed > newest)
    throw wrong('Unsupported', `an entry of version ${newest / 10} or below`, `${entry.needed / 10}`, {
      byte: at,
      entry: name,
    })
  if (entry.method !== 0 && entry.method !== 8)
    throw wrong('Unsupported', 'stored or deflated bytes, methods 0 and 8', `method ${entry.method}`, {
      byte: at,
      entry: name,
    })
  const [nameLength, extraLength] = [view.getUint16(at + 26, true), view.getUint16(at + 28, true)]
  const [behind, data] = [at + 30 + nameLength, at + 30 + nameLength + extraLength]
  if (data > start) throw fail(`a header that ends before byte ${start}`, `one that ends at ${data}`)
  const own = new TextEncoder().encode(name)
  if (own.length !== nameLength || own.some((b, i) => b !== bytes[at + 30 + i]))
    throw fail(`the name '${name}'`, 'another')
  if (view.getUint16(at + 6, true) !== entry.flags || view.getUint16(at + 8, true) !== entry.method)
    throw fail('the flags and the method of the list', 'others')
  if ((entry.flags & describes) === 0) {
    const fields = [view.getUint32(at + 22, true), view.getUint32(at + 18, true)]
    const [size, packed] = longFields(view, [behind, data], fields)
    if (view.getUint32(at + 14, true) !== entry.crc || size !== entry.size || packed !== entry.packed)
      throw fail('the checksum and the sizes of the list', 'others')
  }
  if (entry.method === 0 && entry.size !== entry.packed)
    throw wrong('WrongSize', `${entry.packed} bytes, as they are stored`, `${entry.size}`, { byte: at, entry: name })
  return data
}

/** True if bytes are the checksum and the sizes of an entry, with or without a signature, in 32 or 64 bits. */
const isDescriptor = (bytes: Uint8Array, { crc, packed, size }: ZipEntry): boolean => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const at = bytes.length % 8 === 0 ? 4 : 0
  if (![12, 16, 20, 24].includes(bytes.length) || (at === 4 && view.getUint32(0, true) !== 0x08074b50)) return false
  const isLong = bytes.length >= 20
  const sizeAt = (i: number): bigint => (isLong ? view.getBigUint64(i, true) : BigInt(view.getUint32(i, true)))
  return (
    view.getUint32(at, true) === crc &&
    sizeAt(at + 4) === BigInt(packed) &&
    sizeAt(at + (isLong ? 12 : 8)) === BigInt(size)
  )
}

/** The entries of an archive with the positions of their bytes, or a thrown `FormatError`. */
export const placesIn = (bytes: Uint8Array, { entries, start }: Directory): readonly PlacedEntry[] => {
  const placed = entries.map((entry) => ({ ...entry, data: dataOf(bytes, entry, start) }))
  const inOrder = [...placed].sort((a, b) => a.at - b.at)
  let end = 0
  for (const [i, entry] of inOrder.entries()) {
    const { name, at, data, packed } = entry
    const place = { byte: at, entry: name }
    if (at > end) throw wrong('Hole', `an entry from byte ${end} on`, `from ${at}`, place)
    const next = inOrder[i + 1]?.at ?? start
    const [last, described] = [data + packed, (entry.flags & describes) !== 0]
    if (last > next) throw wrong('Overlap', `bytes up to ${next}`, `up to ${last}`, place)
    if (described && !isDescriptor(bytes.subarray(last, next), entry))
      throw wrong('BadEntry', 'a descriptor that agrees with the list', 'other bytes', { byte: last, entry: name })
    end = described ? next : last
  }
  if (end !== start) throw wrong('Hole', `the list of entries from byte ${end} on`, `from ${start}`, { byte: end })
  return placed
}
