// Archives of NumPy: what NumPy wrote, what is written here, and archives that are wrong, each part of them.
import zlib from 'node:zlib'
import fc from 'fast-check'
import {
  type AnyTensor,
  eye,
  fromArray,
  fromNested,
  type SelectOptions,
  type Shape,
  toNested,
  toTypedArray,
  zeros,
} from 'pullback'
import { decodeNpz, encodeNpy, encodeNpz, type Tensors } from 'pullback/numpy'
import t from 'tap'
import * as E from '#fp/Either'
import { crc32 } from '../../lib/codec/crc32.ts'
import { shapes } from '../arbitrary/tensor.ts'
import { archive, array, header, joined, label, little, long, malformed, none } from '../support/malformed/npz.ts'
import { bytesOf, many, short, stored, streamed } from '../support/numpy.ts'
import { check } from '../support/property.ts'

const right = (bytes: Uint8Array, options: SelectOptions = {}): Tensors => {
  const found = decodeNpz(bytes, options)
  if (E.isLeft(found)) throw found.left
  return found.right
}
const outcome = (bytes: Uint8Array, options: SelectOptions = {}): string =>
  E.match(
    (e: { readonly reason: string }): string => e.reason,
    () => 'right',
  )(decodeNpz(bytes, options))
const message = (bytes: Uint8Array): string =>
  E.match(
    (e: Error) => e.message,
    () => 'right',
  )(decodeNpz(bytes))
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

/** Words of float32, and halves of float64: NaN with what it carries, −0, denormals, infinities, and others. */
const patterns = [
  0x7fc00000, 0x7f800001, 0xffc12345, 0x80000000, 1, 0x807fffff, 0x7f800000, 0x7ff00000, 0xfff80001, 0x3f800000, 0,
]
const isSame = (x: AnyTensor, y: AnyTensor): boolean =>
  x.dtype === y.dtype && `${x.shape}` === `${y.shape}` && Buffer.compare(encodeNpy(x), encodeNpy(y)) === 0

t.test('round trips, stored and deflated: ranks, sizes of zero, and all bits of each format', async (t) => {
  const names = fc.oneof(
    fc.constantFrom('W', 'L1/W', '__proto__', 'constructor', 'then', '0', '10', '', '.', 'a.b', 'a.npy', 'ä', '\0'),
    fc.string({ unit: 'grapheme' }),
  )
  const types = { float32: Float32Array, float64: Float64Array, int32: Int32Array }
  const tensor = fc
    .tuple(shapes(), fc.constantFrom('float32', 'float64', 'int32'), fc.array(fc.constantFrom(...patterns)))
    .map(([shape, dtype, words]): AnyTensor => {
      const size = shape.reduce((a, b) => a * b, 1)
      const bits = Uint32Array.from({ length: 2 * size }, (_, i) => words[i % words.length] ?? i)
      return fromArray(new types[dtype](bits.buffer).subarray(0, size) as never, shape as Shape, dtype as 'float32')
    })
  check(fc.tuple(fc.dictionary(names, tensor, { maxKeys: 5 }), fc.boolean()), ([tensors, compress]) => {
    const bytes = encodeNpz(tensors, { compress })
    const found = new Map(Object.entries(right(bytes)))
    const again = encodeNpz(Object.fromEntries(Object.entries(tensors).reverse()), { compress })
    return (
      found.size === Object.keys(tensors).length &&
      Object.entries(tensors).every(([name, x]) => isSame(found.get(name) as AnyTensor, x)) &&
      Buffer.compare(bytes, again) === 0
    )
  })
  const ranks = [[], [3], [2, 0], [1, 2, 3], [2, 1, 2, 1], [1, 2, 1, 2, 1], [0, 1, 2, 0, 1]]
  for (const dtype of ['float32', 'float64', 'int32'] as const)
    for (const shape of ranks) {
      const words = 2 * shape.reduce((a, b) => a * b, 1)
      const bits = Uint32Array.from({ length: words }, (_, i) => patterns[i % patterns.length] as number)
      const x: AnyTensor = fromArray(
        new types[dtype](bits.buffer).subarray(0, words / 2),
        shape as Shape,
        dtype as 'float32',
      )
      for (const compress of [false, true])
        t.ok(isSame(right(encodeNpz({ x }, { compress })).x as AnyTensor, x), `${dtype} [${shape}]`)
    }
  t.same(right(encodeNpz({})), {})
  t.ok(encodeNpz({ a: zeros([100_000]) }, { compress: true }).length < 1500)
  t.throws(() => encodeNpz({ a: [1] as never }), { message: /^encodeNpz at a: expected a tensor/ })
  t.throws(() => encodeNpz({}, { compressed: true } as never), { message: /compress/ })
  t.throws(() => encodeNpz({ '\ud800': eye(2), '\ud801': eye(2) }), {
    message: 'encodeNpz: expected names in Unicode, got "\\ud800", with half of a surrogate pair [bad-name]',
  })
  t.throws(() => decodeNpz(none, { limits: { inflated: 'much' } as never }), {
    message: /^decodeNpz: expected a limit of inflated, a whole number from 0 on or Infinity, got 'much'/,
  })
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
  const place = 30 + 5 + array().length
  for (const [expected, all] of Object.entries(malformed))
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
  t.equal(outcome(honest, { limits: { inflated: 2 ** 21 } }), 'TooLarge')
  t.match(decodeNpz(honest, { limits: { inflated: 100 } }), {
    left: { entry: 'a.npy', message: /give a higher \{ limits: \{ inflated \} \} if the file is trusted/ },
  })
  const some = archive([
    { method: 8, bytes: declared(2 ** 22) },
    { name: 'b.npy', method: 8, bytes: declared(2 ** 22) },
  ])
  t.equal(outcome(some, { limits: { inflated: 2 ** 22 + 1000 } }), 'TooLarge', 'the limit is that of all together')
  t.equal(
    outcome(some, { limits: { inflated: 2 ** 22 + 1000 }, names: ['b'] }),
    'right',
    'those that are not asked for do not count',
  )
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
