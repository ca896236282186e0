// The list at the end of a zip archive (APPNOTE 4.3.12 to 4.3.16), which may be hostile: nothing is believed that the
// other places of the archive do not confirm.
import { type Limits, toRaise } from '../../codec/limits.ts'
import { part } from '../../codec/numbers/order.ts'
import { wrongArchive as wrong } from '../wrong.ts'

/** An entry as the list declares it. */
export interface ZipEntry {
  readonly name: string
  /** The version of the format that it takes to read it, times ten. */
  readonly needed: number
  readonly flags: number
  readonly method: number
  readonly crc: number
  /** Bytes in the archive, and bytes when inflated. */
  readonly packed: number
  readonly size: number
  /** The position of the entry's own header. */
  readonly at: number
}

export interface Directory {
  readonly entries: readonly ZipEntry[]
  /** The position of the list, where the entries end. */
  readonly start: number
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
const all32 = 0xffffffff
const all16 = 0xffff

/** An exact number of 64 bits. */
const long = (view: DataView, at: number): number => {
  const found = view.getBigUint64(at, true)
  if (found > BigInt(Number.MAX_SAFE_INTEGER))
    throw wrong('BadOffsets', 'a position or size below 2⁵³', `${found}`, { byte: at })
  return Number(found)
}

/** The position of the record that ends the archive, behind which its comment reaches to the last byte. */
const endRecord = (view: DataView): number => {
  const total = view.byteLength
  for (let at = total - 22; at >= 0 && at >= total - 22 - all16; at--)
    if (view.getUint32(at, true) === 0x06054b50 && view.getUint16(at + 20, true) === total - at - 22) return at
  if (total >= 4 && view.getUint32(0, true) !== 0x04034b50 && view.getUint32(0, true) !== 0x06054b50)
    throw wrong('OtherFormat', 'a zip archive', 'another file', { byte: 0 })
  throw wrong('Truncated', 'an archive with the list of its entries at its end', `${total} bytes without one`, {
    byte: total,
  })
}

/** Where the list lies, how many entries it has, and where it must end. */
export const placeOf = (
  view: DataView,
): { readonly start: number; readonly size: number; readonly count: number; readonly end: number } => {
  const at = endRecord(view)
  const small = {
    disks: [view.getUint16(at + 4, true), view.getUint16(at + 6, true)],
    counts: [view.getUint16(at + 8, true), view.getUint16(at + 10, true)],
    size: view.getUint32(at + 12, true),
    start: view.getUint32(at + 16, true),
  }
  const isLong = at >= 20 && view.getUint32(at - 20, true) === 0x07064b50
  if (!isLong) {
    if (small.disks.some((disk) => disk !== 0) || small.counts[0] !== small.counts[1])
      throw wrong('Unsupported', 'an archive in one file', 'a part of one', { byte: at + 4 })
    return { start: small.start, size: small.size, count: small.counts[1] as number, end: at }
  }
  const record = long(view, at - 12)
  if (
    record + 56 > at - 20 ||
    view.getUint32(record, true) !== 0x06064b50 ||
    long(view, record + 4) !== at - 20 - record - 12
  )
    throw wrong('BadOffsets', `a zip64 record that ends at byte ${at - 20}`, 'none', { byte: at - 12 })
  const [count, size, start] = [long(view, record + 32), long(view, record + 40), long(view, record + 48)]
  const agrees = (short: number, most: number, full: number): boolean => short === most || short === full
  const isOne = view.getUint32(record + 16, true) === 0 && view.getUint32(record + 20, true) === 0
  if (!isOne || long(view, record + 24) !== count)
    throw wrong('Unsupported', 'an archive in one file', 'a part of one', { byte: record + 16 })
  if (
    !agrees(small.counts[1] as number, all16, count) ||
    !agrees(small.size, all32, size) ||
    !agrees(small.start, all32, start)
  )
    throw wrong('BadOffsets', 'two records at the end that agree', 'different ones', { byte: at })
  return { start, size, count, end: record }
}

/** The zip64 values of an entry, for those fields that are full, in their order. */
export const longFields = (
  view: DataView,
  extra: readonly [from: number, to: number],
  fields: readonly number[],
): readonly number[] => {
  let [at, end] = [extra[0], extra[0]]
  for (let i = extra[0]; i < extra[1]; ) {
    const next = i + 4 > extra[1] ? extra[1] + 1 : i + 4 + view.getUint16(i + 2, true)
    if (next > extra[1])
      throw wrong('BadEntry', `additional fields that end at byte ${extra[1]}`, 'longer ones', { byte: i })
    if (view.getUint16(i, true) === 1) {
      if (end > at) throw wrong('BadEntry', 'one zip64 field', 'two', { byte: i })
      ;[at, end] = [i + 4, next]
    }
    i = next
  }
  return fields.map((field) => {
    if (field !== all32) return field
    if (at + 8 > end)
      throw wrong('BadEntry', 'a zip64 field with the full size or position', 'none', { byte: extra[0] })
    at += 8
    return long(view, at - 8)
  })
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** A name in UTF-8, or in ASCII where the archive does not say that it is UTF-8. */
const nameIn = (bytes: Uint8Array, isUtf8: boolean, byte: number): string => {
  try {
    if (isUtf8 || bytes.every((b) => b < 128)) return decoder.decode(part(bytes, 0, bytes.length)) // of shared memory too
  } catch {} // it is reported below
  throw wrong('NotUtf8', 'a name in UTF-8', 'other bytes', { byte })
}

/** The list of an archive, or a thrown `FormatError`. */
export const readDirectory = (bytes: Uint8Array, limits: Limits): Directory => {
  const view = viewOf(bytes)
  const { start, size, count, end } = placeOf(view)
  if (start + size !== end)
    throw wrong('BadOffsets', `a list of entries that ends at byte ${end}`, `${start} + ${size}`, { byte: end })
  if (count > limits.entries)
    throw wrong('TooLarge', `at most ${limits.entries} entries`, `${count}`, { byte: end, remedy: toRaise('entries') })
  if (46 * count > size) throw wrong('Truncated', `${count} entries`, `${size} bytes for them`, { byte: end })
  const names = new Set<string>()
  const entries: ZipEntry[] = []
  let at = start
  for (let i = 0; i < count; i++) {
    if (at + 46 > end || view.getUint32(at, true) !== 0x02014b50)
      throw wrong('BadEntry', `entry ${i + 1} of ${count} in the list`, 'other bytes', { byte: at })
    const [nameLength, extraLength, noteLength] = [28, 30, 32].map((field) => view.getUint16(at + field, true)) as [
      number,
      number,
      number,
    ]
    const behind = at + 46 + nameLength
    if (behind + extraLength + noteLength > end)
      throw wrong('BadEntry', `an entry that ends at byte ${end}`, 'a longer one', { byte: at })
    const flags = view.getUint16(at + 8, true)
    const name = nameIn(bytes.subarray(at + 46, behind), (flags & 0x800) !== 0, at + 46)
    if (names.has(name)) throw wrong('DuplicateName', 'each name once', `'${name}' twice`, { byte: at, entry: name })
    names.add(name)
    const fields = [view.getUint32(at + 24, true), view.getUint32(at + 20, true), view.getUint32(at + 42, true)]
    const [full = 0, packed = 0, place = 0] = longFields(view, [behind, behind + extraLength], fields)
    entries.push({
      name,
      needed: view.getUint16(at + 6, true),
      flags,
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packed,
      size: full,
      at: place,
    })
    at = behind + extraLength + noteLength
  }
  if (at !== end) throw wrong('TrailingBytes', `a list that ends at byte ${end}`, `its end at ${at}`, { byte: at })
  return { entries, start }
}
