// Archives of NumPy: what NumPy wrote, what is written here, and archives that are wrong, each part of them.
import zlib from 'node:zlib'
import fc from 'fast-check'
import { type AnyTensor, eye, fromArray, fromNested, toNested, toTypedArray, zeros } from 'pullback'
import { decodeNpz, encodeNpy, encodeNpz, type NpzOptions, type Tensors } from 'pullback/numpy'
import t from 'tap'
import * as E from '#fp/Either'
import { crc32 } from '../../lib/codec/crc32.ts'
import { bytesOf, many, short, stored, streamed } from '../support/numpy.ts'
import { check } from '../support/property.ts'

const right = (bytes: Uint8Array, options: NpzOptions = {}): Tensors => {
  const found = decodeNpz(bytes, options)
  if (E.isLeft(found)) throw found.left
  return found.right
}
const outcome = (bytes: Uint8Array, options: NpzOptions = {}): string =>
  E.match(
    (e: { readonly reason: string }): string => e.reason,
    () => 'right',
  )(decodeNpz(bytes, options))
const message = (bytes: Uint8Array): string =>
  E.match(
    (e: Error) => e.message,
    () => 'right',
  )(decodeNpz(bytes))
const array = (n = 2): Uint8Array => encodeNpy(zeros([n]))

/** An entry as its two headers say it; what is not given is right. */
interface Part {
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
const little = (...fields: readonly (readonly [value: number, width: number])[]): Uint8Array => {
  const bytes: number[] = []
  for (const [value, width] of fields)
    for (let i = 0, rest = value; i < width; i++, rest = Math.floor(rest / 256)) bytes.push(rest % 256)
  return Uint8Array.from(bytes)
}
const joined = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts))
const label = (name: string | Uint8Array): Uint8Array =>
  typeof name === 'string' ? new TextEncoder().encode(name) : name
const header = (part: Part): readonly (readonly [number, number])[] => {
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
const none = new Uint8Array(0)

/** An archive of some parts. */
const archive = (
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
const long = (count: number, size: number, start: number, at = start + size): Uint8Array =>
  joined(
    little([0x06064b50, 4], [44, 8], [45, 2], [45, 2], [0, 4], [0, 4], [count, 8], [count, 8], [size, 8], [start, 8]),
    little([0x07064b50, 4], [0, 4], [at, 8], [1, 4]),
  )

t.test('archives that NumPy wrote', async (t) => {
  t.same(toNested(right(bytesOf(stored)).a as never), [0, 1, 2])
  for (const bytes of [bytesOf(streamed), bytesOf(short)]) t.same(toNested(right(bytes).a as never), [0, 1, 2])
  t.equal(toNested(right(bytesOf(streamed)).b as never), 2)
  t.same(toNested(right(bytesOf(short)).b as never), [
    [0, 1],
    [2, 3],
  ])
  t.same(Object.keys(right(bytesOf(many), { names: ['ä', 'bool'] })), ['ä', 'bool'])
})

t.test('round trips, stored and deflated', async (t) => {
  const names = fc.oneof(
    fc.constantFrom('W', 'L1/W', '__proto__', 'constructor', 'then', '0', '', '.', 'a.npy', 'ä', '\0'),
    fc.string({ unit: 'grapheme' }),
  )
  const numbers = fc.array(fc.oneof(fc.float(), fc.constantFrom(0, -0, Number.NaN)), { maxLength: 50 })
  check(fc.tuple(fc.dictionary(names, numbers, { maxKeys: 5 }), fc.boolean()), ([record, compress]) => {
    const tensors = Object.fromEntries(
      Object.entries(record).map(([name, xs]): [string, AnyTensor] => [name, fromArray(xs, [xs.length])]),
    )
    const bytes = encodeNpz(tensors, { compress })
    const found = new Map(Object.entries(right(bytes)))
    const again = encodeNpz(Object.fromEntries(Object.entries(tensors).reverse()), { compress })
    return (
      found.size === Object.keys(tensors).length &&
      Object.entries(tensors).every(
        ([name, x]) => Buffer.compare(encodeNpy(found.get(name) as AnyTensor), encodeNpy(x)) === 0,
      ) &&
      Buffer.compare(bytes, again) === 0
    )
  })
  t.same(right(encodeNpz({})), {})
  t.ok(encodeNpz({ a: zeros([100_000]) }, { compress: true }).length < 1500)
  t.throws(() => encodeNpz({ a: [1] as never }), { message: /^encodeNpz at a: expected a tensor/ })
  t.throws(() => encodeNpz({}, { compressed: true } as never), { message: /compress/ })
  t.throws(() => decodeNpz(none, { limit: 'much' as never }), { message: /^decodeNpz: expected a limit in bytes/ })
})

t.test('unusual but valid archives', async (t) => {
  const deflated = { method: 8, flags: 8, own: { crc: 0, size: 0, packedSize: 0 } }
  const { length } = zlib.deflateRawSync(array())
  const [sum, full] = [crc32(array()), array().length]
  const list = 46 + 5
  const two = archive([{}, { name: 'b.npy', method: 8 }])
  for (const [what, bytes] of Object.entries({
    'nothing in it': archive([]),
    'a comment': archive([{}], { comment: new TextEncoder().encode('a comment') }),
    'a comment that looks like an end': archive([{}], { comment: joined(little([0x06054b50, 4]), new Uint8Array(30)) }),
    'a deflated entry': archive([{ method: 8 }]),
    two,
    'a list in another order': joined(
      two.subarray(0, -22 - 2 * list),
      two.subarray(-22 - list, -22),
      two.subarray(-22 - 2 * list, -22 - list),
      two.subarray(-22),
    ),
    'a descriptor': archive([{ ...deflated, behind: little([sum, 4], [length, 4], [full, 4]) }]),
    'a descriptor with a signature': archive([
      { ...deflated, behind: little([0x08074b50, 4], [sum, 4], [length, 4], [full, 4]) },
    ]),
    'a long descriptor': archive([{ ...deflated, behind: little([sum, 4], [length, 8], [full, 8]) }]),
    'a long descriptor with a signature': archive([
      { ...deflated, behind: little([0x08074b50, 4], [sum, 4], [length, 8], [full, 8]) },
    ]),
    'a name that says it is UTF-8': archive([{ flags: 0x800 }]),
    'an additional field': archive([{ own: { extra: little([0x5455, 2], [1, 2], [7, 1]) } }]),
    'sizes in zip64 fields': archive([
      { size: 0xffffffff, packedSize: 0xffffffff, extra: little([1, 2], [16, 2], [full, 8], [full, 8]) },
    ]),
    'zip64 records': archive([{}], { before: long(1, list, 30 + 5 + full) }),
    'zip64 records that are needed': archive([{}], {
      count: 0xffff,
      size: 0xffffffff,
      start: 0xffffffff,
      before: long(1, list, 30 + 5 + full),
    }),
  }))
    t.equal(message(bytes), 'right', what)
})

t.test('wrong archives, by kind', async (t) => {
  const [sum, full] = [crc32(array()), array().length]
  const place = 30 + 5 + full
  const kinds: Readonly<Record<string, Readonly<Record<string, Uint8Array>>>> = {
    OtherFormat: {
      'a text': new TextEncoder().encode('no archive'),
      'an array': array(),
      'no bytes': '{}' as never,
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
      'an entry that is no array': archive([{ name: 'a.txt' }]),
      'a pickle': archive([{ name: 'model/data.pkl' }]),
      'a folder': archive([{ name: 'a/', bytes: none }]),
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
  for (const [expected, all] of Object.entries(kinds))
    for (const [what, bytes] of Object.entries(all)) t.equal(outcome(bytes), expected, `${expected}: ${what}`)
  const two = archive([{}, { name: 'b.npy' }])
  t.equal(
    outcome(archive([{ name: 'a.npy' }, { name: 'b.npy', at: 0, own: { name: 'b.npy' } }])),
    'BadEntry',
    'an entry at the place of another',
  )
  const unlisted = joined(
    two.subarray(0, 2 * place + 51),
    little([0x06054b50, 4], [0, 4], [1, 2], [1, 2], [51, 4], [2 * place, 4], [0, 2]),
  )
  t.equal(outcome(unlisted), 'Hole', 'an entry that is not listed')
  const fewer = joined(
    two.subarray(0, two.length - 22),
    little([0x06054b50, 4], [0, 4], [1, 2], [1, 2], [102, 4], [2 * place, 4], [0, 2]),
  )
  t.equal(outcome(fewer), 'TrailingBytes', 'a list that is longer than it says')
  t.match(
    message(archive([{ name: 'archive/data.pkl' }])),
    /got 'archive\/data\.pkl'; a file of PyTorch runs code when it is loaded/,
  )
  t.match(
    message(archive([{ bytes: encodeNpy(fromNested([1])).slice(0, -1) }])),
    /^npy at byte 131 in entry 'a': expected 132 bytes/,
  )
})

t.test('entries within each other', async (t) => {
  const inner = joined(little([0x04034b50, 4], ...header({})), label('a.npy'), array())
  const outer = { name: 'b.npy', bytes: joined(inner, new Uint8Array(100)) }
  const bytes = archive([outer, { at: 35 }])
  const start = 35 + inner.length + 100
  const list = bytes.subarray(bytes.length - 22 - 2 * 51, bytes.length - 22)
  const end = little([0x06054b50, 4], [0, 4], [2, 2], [2, 2], [102, 4], [start, 4], [0, 2])
  t.equal(outcome(joined(bytes.subarray(0, start), list, end)), 'Overlap')
})

t.test('bombs', async (t) => {
  const declared = (n: number): Uint8Array => joined(encodeNpy(zeros([2 ** 20])).subarray(0, 128), new Uint8Array(n))
  const honest = archive([{ method: 8, bytes: declared(2 ** 22) }])
  t.equal(outcome(honest), 'right')
  t.equal(outcome(honest, { limit: 2 ** 21 }), 'TooLarge')
  t.match(decodeNpz(honest, { limit: 100 }), {
    left: { entry: 'a.npy', message: /give a higher \{ limit \} if the file is trusted/ },
  })
  const some = archive([
    { method: 8, bytes: declared(2 ** 22) },
    { name: 'b.npy', method: 8, bytes: declared(2 ** 22) },
  ])
  t.equal(outcome(some, { limit: 2 ** 22 + 1000 }), 'TooLarge', 'the limit is that of all together')
  t.equal(outcome(some, { limit: 2 ** 22 + 1000, names: ['b'] }), 'right', 'those that are not asked for do not count')
  const packed = zlib.deflateRawSync(new Uint8Array(2 ** 26))
  const before = process.memoryUsage().arrayBuffers
  t.equal(
    outcome(archive([{ method: 8, packed, size: 200, crc: 0 }])),
    'WrongSize',
    'a declared size that is too small',
  )
  t.equal(outcome(archive([{ method: 8, packed: packed.subarray(0, 1000), size: 1_032_001, crc: 0 }])), 'WrongSize')
  t.ok(process.memoryUsage().arrayBuffers - before < 2 ** 23)
})

t.test('arrays by name', async (t) => {
  const bytes = archive([{ name: 'note.txt', bytes: none }, {}, { name: 'b.npy', crc: 5 }])
  t.same(Object.keys(right(bytes, { names: ['a'] })), ['a'], 'others are not read')
  t.match(decodeNpz(bytes, { names: ['c'] }), {
    left: { reason: 'MissingName', message: "npz in entry 'c': expected an array 'c', got 'a', 'b'" },
  })
  t.equal(outcome(bytes, { names: ['toString'] }), 'MissingName')
  t.equal(outcome(bytes, { names: ['b'] }), 'WrongChecksum')
})

t.test('any change to an archive gives an error or the same numbers', async (t) => {
  const tensors = { 'L1/W': eye(3), n: fromNested([1, 2], 'int32'), zero: zeros([40]) }
  const same = (found: Tensors): boolean =>
    Object.entries(found).every(
      ([name, x]) => `${[...toTypedArray(x)]}` === `${[...toTypedArray((tensors as Tensors)[name] as AnyTensor)]}`,
    )
  for (const good of [encodeNpz(tensors), encodeNpz(tensors, { compress: true }), bytesOf(streamed), bytesOf(short)]) {
    for (let cut = 0; cut < good.length; cut++) if (outcome(good.subarray(0, cut)) === 'right') t.fail(`cut at ${cut}`)
    if (good.length > 500) continue
    for (let at = 0; at < good.length; at++)
      for (const bit of [0, 3, 7]) {
        const changed = good.slice()
        changed[at] = (changed[at] as number) ^ (1 << bit)
        outcome(changed)
      }
  }
  const change = fc.tuple(fc.nat(), fc.nat({ max: 255 }))
  for (const compress of [false, true]) {
    const good = encodeNpz(tensors, { compress })
    check(
      fc.array(change, { minLength: 1, maxLength: 4 }),
      (changes) => {
        const changed = good.slice()
        for (const [at, byte] of changes) changed[at % good.length] = byte
        const found = decodeNpz(changed)
        if (E.isLeft(found)) return /^np[yz] /.test(found.left.message)
        return Object.keys(found.right).length === 3 && same(found.right)
      },
      3000,
    )
  }
  t.pass()
})
