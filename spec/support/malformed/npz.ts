// Archives of NumPy that are wrong, by the reason that they are refused for, and the parts that they are made of.
import zlib from 'node:zlib'
import { zeros } from 'pullback'
import { encodeNpy } from 'pullback/numpy'
import { crc32 } from '../../../lib/codec/crc32.ts'

export const array = (n = 2): Uint8Array => encodeNpy(zeros([n]))

/** An entry as its two headers say it; what is not given is right. */
export interface Part {
  readonly name?: string | Uint8Array
  readonly bytes?: Uint8Array
  readonly packed?: Uint8Array
  readonly method?: number
  readonly needed?: number
  readonly flags?: number
  readonly crc?: number
  readonly size?: number
  readonly packedSize?: number
  readonly extra?: Uint8Array
  /** What the entry's own header says otherwise. */
  readonly own?: Omit<Part, 'own'>
  readonly behind?: Uint8Array
  readonly at?: number
}
interface End {
  readonly disk?: number
  readonly count?: number
  readonly size?: number
  readonly start?: number
  readonly comment?: Uint8Array
  readonly before?: Uint8Array
}
export const little = (...fields: readonly (readonly [value: number, width: number])[]): Uint8Array => {
  const bytes: number[] = []
  for (const [value, width] of fields)
    for (let i = 0, rest = value; i < width; i++, rest = Math.floor(rest / 256)) bytes.push(rest % 256)
  return Uint8Array.from(bytes)
}
export const joined = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts))
export const label = (name: string | Uint8Array): Uint8Array =>
  typeof name === 'string' ? new TextEncoder().encode(name) : name
export const header = (part: Part): readonly (readonly [number, number])[] => {
  const { name = 'a.npy', bytes = array(), method = 0, flags = 0, extra = new Uint8Array(0) } = part
  const packed = part.packed ?? (method === 8 ? zlib.deflateRawSync(bytes) : bytes)
  return [
    [part.needed ?? 20, 2],
    [flags, 2],
    [method, 2],
    [0, 2],
    [33, 2],
    [part.crc ?? crc32(bytes), 4],
    [part.packedSize ?? packed.length, 4],
    [part.size ?? bytes.length, 4],
    [label(name).length, 2],
    [extra.length, 2],
  ]
}
export const none = new Uint8Array(0)

/** An archive of some parts. */
export const archive = (
  parts: readonly Part[],
  { disk = 0, count = parts.length, comment = none, before = none, ...end }: End = {},
): Uint8Array => {
  let body: Uint8Array = none
  let list: Uint8Array = none
  for (const part of parts) {
    const { name = 'a.npy', bytes = array(), method = 0, extra = none } = part
    const packed = part.packed ?? (method === 8 ? zlib.deflateRawSync(bytes) : bytes)
    const own = { ...part, ...part.own }
    const at = part.at ?? body.length
    body = joined(
      body,
      little([0x04034b50, 4], ...header(own)),
      label(own.name ?? 'a.npy'),
      own.extra ?? none,
      packed,
      part.behind ?? none,
    )
    list = joined(
      list,
      little([0x02014b50, 4], [20, 2], ...header(part), [0, 2], [0, 2], [0, 2], [0, 4], [at, 4]),
      label(name),
      extra,
    )
  }
  const { start = body.length, size = list.length } = end
  const ending = little(
    [0x06054b50, 4],
    [disk, 2],
    [disk, 2],
    [count, 2],
    [count, 2],
    [size, 4],
    [start, 4],
    [comment.length, 2],
  )
  return joined(body, list, before, ending, comment)
}
/** The zip64 records at the end, for a list of `count` entries that lies somewhere. */
export const long = (count: number, size: number, start: number, at = start + size): Uint8Array =>
  joined(
    little([0x06064b50, 4], [44, 8], [45, 2], [45, 2], [0, 4], [0, 4], [count, 8], [count, 8], [size, 8], [start, 8]),
    little([0x07064b50, 4], [0, 4], [at, 8], [1, 4]),
  )

const megabyte = zlib.deflateRawSync(new Uint8Array(2 ** 20), { finishFlush: zlib.constants.Z_FULL_FLUSH })
/** An archive with an entry of some bytes and megabytes of zeros behind them, which takes a thousandth of that. */
export const bomb = (first: Uint8Array, megabytes: number): Uint8Array => {
  const begin = zlib.deflateRawSync(first, { finishFlush: zlib.constants.Z_FULL_FLUSH })
  const packed = joined(begin, ...Array.from({ length: megabytes }, () => megabyte), zlib.deflateRawSync(none))
  return archive([{ method: 8, packed, size: first.length + megabytes * 2 ** 20, crc: 0 }])
}

const [sum, full] = [crc32(array()), array().length]
const place = 30 + 5 + full
export const malformed: Readonly<Record<string, Readonly<Record<string, Uint8Array>>>> = {
  OtherFormat: {
    'a text': new TextEncoder().encode('no archive'),
    'an array': array(),
    'no bytes': '{}' as never,
    'a bomb that is no array': bomb(none, 300),
  },
  Truncated: {
    nothing: none,
    'an entry alone': joined(little([0x04034b50, 4], ...header({})), label('a.npy'), array()),
    'more entries than bytes': archive([{}], { count: 60_000 }),
  },
  BadOffsets: {
    'bytes in front': joined(new Uint8Array(7), archive([{}])),
    'a list that begins elsewhere': archive([{}], { start: 3 }),
    'a list of another size': archive([{}], { size: 50 }),
    'bytes between the list and its end': archive([{}], { before: new Uint8Array(5) }),
    'zip64 records that do not agree': archive([{}], { before: long(2, 51, place) }),
    'a zip64 record elsewhere': archive([{}], { before: long(1, 51, place, 3) }),
    'a zip64 record beyond whole numbers': archive([{}], { before: long(1, 51, place, 2 ** 60) }),
  },
  Unsupported: {
    'an entry that is no array': archive([{ name: 'a.txt' }]),
    'a pickle': archive([{ name: 'model/data.pkl' }]),
    'a folder': archive([{ name: 'a/', bytes: none }]),
    'several disks': archive([{}], { disk: 1 }),
    encrypted: archive([{ flags: 1 }]),
    'strongly encrypted': archive([{ flags: 0x2040 }]),
    'a version to come': archive([{ needed: 64 }]),
    'a version to come of its own': archive([{ own: { needed: 64 } }]),
    lzma: archive([{ method: 14, packed: array() }]),
    'a method that is no name': archive([{ method: 0xffff, packed: array() }]),
  },
  DuplicateName: { 'two entries': archive([{}, {}]) },
  NotUtf8: {
    'another code page': archive([{ name: Uint8Array.of(0x84, 0x2e, 0x6e, 0x70, 0x79) }]),
    'bad UTF-8': archive([{ name: Uint8Array.of(0x84, 0x2e, 0x6e, 0x70, 0x79), flags: 0x800 }]),
  },
  BadEntry: {
    'another name of its own': archive([{ own: { name: 'b.npy' } }]),
    'another method of its own': archive([{ own: { method: 8, packed: array() } }]),
    'other flags of its own': archive([{ own: { flags: 2 } }]),
    'another checksum of its own': archive([{ own: { crc: 1 } }]),
    'another size of its own': archive([{ own: { size: 1 } }]),
    'a position without a header': archive([{ at: 5 }]),
    'a position behind all': archive([{ at: 1e6 }]),
    'an additional field that is cut': archive([{ extra: little([1, 2], [16, 2]) }]),
    'two zip64 fields': archive([
      { size: 0xffffffff, extra: joined(little([1, 2], [8, 2], [full, 8]), little([1, 2], [8, 2], [1, 8])) },
    ]),
    'no zip64 field': archive([{ size: 0xffffffff }]),
    'no descriptor': archive([{ flags: 8 }]),
    'a descriptor of another checksum': archive([{ flags: 8, behind: little([1, 4], [full, 4], [full, 4]) }]),
    'a descriptor that is too long': archive([{ flags: 8, behind: little([sum, 4], [full, 4], [full, 4], [0, 2]) }]),
  },
  Overlap: {
    'more bytes than there are': archive([{ packedSize: full + 9, size: full + 9 }]),
  },
  Hole: {
    'in front': joined(new Uint8Array(9), archive([{ at: 9 }], { start: place + 9 })),
    'behind an entry': archive([{ behind: new Uint8Array(4) }, { name: 'b.npy' }]),
    'before the list': archive([{ behind: new Uint8Array(4) }]),
  },
  WrongSize: {
    'a stored entry of two sizes': archive([{ size: full + 1 }]),
    'more than deflate can hold': archive([{ method: 8, size: 0xfffffff0 }]),
    'a byte less than declared': archive([{ method: 8, size: full + 1 }]),
    'a byte more than declared': archive([{ method: 8, size: full - 1 }]),
  },
  TrailingBytes: {
    'a bomb behind an array': bomb(array(), 300),
    'behind the compressed bytes': archive([
      { method: 8, packed: joined(zlib.deflateRawSync(array()), Uint8Array.of(0)) },
    ]),
    'behind an array': archive([{ bytes: joined(array(), Uint8Array.of(0)) }]),
  },
  BadData: { 'no deflated bytes': archive([{ method: 8, packed: Uint8Array.of(7, 0) }]) },
  WrongChecksum: {
    stored: archive([{ crc: 1 }]),
    deflated: archive([{ method: 8, crc: 1 }]),
  },
}
