// Listings of files by their headers, and the statistics of their numbers, in the memory of a few of them.
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import zlib from 'node:zlib'
import { encodeSafetensors, fromNested, type Tensor, toBytes, zeros } from 'pullback'
import { encodeNpz } from 'pullback/numpy'
import t from 'tap'
import { crc32 } from '../../lib/codec/crc32.ts'
import { listed } from '../../lib/command/file/listed.ts'
import type { Listing } from '../../lib/command/file/listing.ts'
import { eachOf, type Place } from '../../lib/command/file/numbersAt.ts'
import { recognized } from '../../lib/command/file/recognized.ts'
import { statisticsOf } from '../../lib/command/file/statistics.ts'
import { arrayHeader } from '../../lib/numpy/header.ts'
import { zip } from '../../lib/numpy/zip/write.ts'

const folder = mkdtempSync(join(tmpdir(), 'pullback-listing-'))
t.teardown(() => rmSync(folder, { recursive: true, force: true }))

const file = (name: string, bytes: Uint8Array): string => {
  writeFileSync(join(folder, name), bytes)
  return join(folder, name)
}
const list = async (path: string): Promise<Listing> => {
  const found = await recognized(path)
  return listed(path, found as Parameters<typeof listed>[1], false)
}
const namesIn = ({ tensors }: Listing) => tensors.map(({ name, dtype, shape }) => ({ name, dtype, shape }))
const statistics = async ({ tensors }: Listing) => {
  const all = []
  for (const { place } of tensors) all.push(place && (await statisticsOf(place)))
  return all
}
const safetensors = (header: object, numbers: Uint8Array): Uint8Array => {
  const head = Buffer.from(JSON.stringify(header))
  const bytes = Buffer.alloc(8 + head.length + numbers.length)
  bytes.writeUInt32LE(head.length)
  head.copy(bytes, 8)
  bytes.set(numbers, 8 + head.length)
  return bytes
}
const errorOf = (task: Promise<unknown>): Promise<unknown> => task.catch((e) => e)
/** The bytes with one bit flipped. */
const changed = (bytes: Uint8Array, at: number): Uint8Array => bytes.map((b, i) => (i === at ? b ^ 1 : b))
const bytesOf = ({ buffer }: { readonly buffer: ArrayBufferLike }): Uint8Array => new Uint8Array(buffer)
const ascii = (text: string): Uint8Array => new TextEncoder().encode(text)

/** An array of NumPy with a header of one's own. */
const npy = (descr: string, shape: string, numbers: Uint8Array): Uint8Array => {
  const text = `{'descr': ${descr}, 'fortran_order': False, 'shape': ${shape}, }\n`
  return Buffer.concat([Buffer.from('\x93NUMPY\x01\0', 'latin1'), Buffer.of(text.length, 0), ascii(text), numbers])
}

t.test('files of 3 GiB are listed by their headers', async (t) => {
  const size = 3 * 2 ** 30
  const header = { W: { dtype: 'F16', shape: [size / 2], data_offsets: [0, size] } }
  const path = file('large.safetensors', safetensors(header, new Uint8Array(0)))
  truncateSync(path, safetensors(header, new Uint8Array(0)).length + size)
  t.same(namesIn(await list(path)), [{ name: 'W', dtype: 'F16', shape: [size / 2] }])

  const head = arrayHeader('float32', [size / 4])
  const small = Buffer.from(zip('spec', [{ name: 'a.npy', bytes: head }], crc32, undefined))
  const at = small.readUInt32LE(small.length - 6)
  for (const field of [18, 22, at + 20, at + 24]) small.writeUInt32LE(head.length + size, field)
  small.writeUInt32LE(at + size, small.length - 6)
  const archive = file('large.npz', small.subarray(0, at))
  truncateSync(archive, at + size)
  writeFileSync(archive, small.subarray(at), { flag: 'a' })
  t.same(namesIn(await list(archive)), [{ name: 'a', dtype: '<f4', shape: [size / 4] }])
})

t.test('numbers come in small pieces, also from a few bytes that inflate to many', async (t) => {
  const x = zeros([3e6])
  for (const bytes of [encodeNpz({ x }, { compress: true }), encodeNpz({ x }), encodeSafetensors({ x })]) {
    const [{ place } = {}] = (await list(file('zeros', bytes))).tensors
    let [count, most] = [0, 0]
    await eachOf(place as Place, (some) => {
      count += some.length
      most = Math.max(most, some.byteLength)
    })
    t.equal(count, 3e6)
    t.ok(most <= 2 ** 20, `${most}`)
  }
})

t.test('statistics of every format', async (t) => {
  const halves = Float32Array.of(1.5, Number.NaN, -2, Infinity, 4)
  // numpy: mean, std and the like of [1.5, -2, 4]
  const expected = { least: -2, mean: 1.166666666667, largest: 4, deviation: 2.460803843372, notFinite: 2 }
  const close = (found: unknown) =>
    t.same(Object.fromEntries(Object.entries(found as object).map(([name, x]) => [name, +x.toFixed(12)])), expected)
  const W = fromNested([1.5, Number.NaN, -2, Infinity, 4]) as Tensor
  close((await statistics(await list(file('w', encodeSafetensors({ W })))))[0])
  close((await statistics(await list(file('w', encodeNpz({ W }, { compress: true })))))[0])
  const swapped = bytesOf(halves).slice()
  Buffer.from(swapped.buffer).swap32()
  close((await statistics(await list(file('w', npy("'>f4'", '(5,)', swapped)))))[0])
  close((await statistics(await list(file('w', Buffer.concat([Uint8Array.of(0, 0, 13, 1, 0, 0, 0, 5), swapped])))))[0])
  const none = await statistics(
    await list(file('w', encodeSafetensors({ a: zeros([0]), b: fromNested([NaN]) as Tensor }))),
  )
  t.same(none, [{ notFinite: 0 }, { notFinite: 1 }])
  // many pieces: 0, 1, …, 2²¹ − 1 has mean (n − 1) / 2 and variance (n² − 1) / 12
  const n = 2 ** 21
  const many = safetensors(
    { i: { dtype: 'I32', shape: [n], data_offsets: [0, 4 * n] } },
    bytesOf(Int32Array.from({ length: n }, (_, i) => i)),
  )
  const [found] = await statistics(await list(file('many', many)))
  const { mean, deviation } = found as { mean: number; deviation: number }
  t.ok(Math.abs(mean - (n - 1) / 2) < 1e-6)
  t.ok(Math.abs(deviation / Math.sqrt((n * n - 1) / 12) - 1) < 1e-12)
})

t.test('formats are those of the file, and an entry that cannot be read does not hide the others', async (t) => {
  const header = {
    few: { dtype: 'C64', shape: [1], data_offsets: [0, 8] },
    long: { dtype: 'I64', shape: [2], data_offsets: [8, 24] },
    half: { dtype: 'F16', shape: [1], data_offsets: [24, 26] },
  }
  const numbers = Buffer.concat([new Uint8Array(8), bytesOf(BigInt64Array.of(1n, 2n ** 40n)), Uint8Array.of(0, 0x3c)])
  const odd = await list(file('odd', safetensors(header, numbers)))
  t.match(namesIn(odd), [{ dtype: 'C64' }, { dtype: 'I64' }, { dtype: 'F16' }])
  t.same(odd.unread, [{ name: 'few', reason: 'numbers of the format C64, which no tensor here holds' }])
  const [few, long, half] = await statistics(odd)
  t.equal(few, undefined)
  t.equal(long, 'expected numbers that int32 holds, got 1099511627776 as number 2 in the order of the file')
  t.match(half, { mean: 1 })

  const entries = [
    { name: 'a.npy', bytes: npy("'<f2'", '(1,)', Uint8Array.of(0, 0x3c)) },
    { name: 'c.npy', bytes: npy("'<c8'", '(1,)', new Uint8Array(8)) },
    { name: 'r.npy', bytes: npy("[('x', '<f4')]", '(1,)', new Uint8Array(4)) },
    { name: 'note.txt', bytes: ascii('hello') },
  ]
  const mixed = await list(
    file(
      'mixed',
      zip('spec', entries, crc32, (bytes) => zlib.deflateRawSync(bytes)),
    ),
  )
  t.same(namesIn(mixed), [
    { name: 'a', dtype: '<f2', shape: [1] },
    { name: 'c', dtype: '<c8', shape: [1] },
    { name: 'r', dtype: "[('x', '<f4')]", shape: [1] },
  ])
  t.match(mixed.unread, [
    { name: 'c' },
    { name: 'r' },
    { name: 'note.txt', reason: 'an entry that is no array, NAME.npy' },
  ])
  const files = (...names: readonly string[]) =>
    list(
      file(
        'z',
        zip(
          'spec',
          names.map((name) => ({ name, bytes: ascii('x') })),
          crc32,
          undefined,
        ),
      ),
    )
  await t.rejects(files('a.txt'), {
    message: /got a zip archive with 'a\.txt'; it has no arrays \[unsupported-format\]/,
  })
  await t.rejects(files('m/version', 'm/data.pkl'), { message: /got a file of PyTorch/ })
})

t.test('files that are wrong: nothing is listed, or no statistics are told', async (t) => {
  const x = fromNested([1, 2, 3]) as Tensor
  const stored = encodeNpz({ x })
  const at = stored.length - 22 - 46 - 5
  t.match(await errorOf(list(file('cut.npz', stored.subarray(0, -1)))), {
    reason: 'Truncated',
    file: join(folder, 'cut.npz'),
  })
  t.match(await errorOf(list(file('w.npz', changed(stored, 33)))), { reason: 'BadEntry' })
  const damaged = statistics(await list(file('w.npz', changed(stored, at - 1))))
  t.match(await errorOf(damaged), { reason: 'WrongChecksum', entry: 'x' })
  const deflated = encodeNpz({ x: zeros([1000]) }, { compress: true })
  const noise = deflated.map((b, i) => (i > 34 && i < 60 ? 255 : b))
  t.match(await errorOf(list(file('w.npz', noise))), { reason: 'BadData' })

  const idx = (...bytes: readonly number[]) => list(file('idx', Uint8Array.of(0, 0, ...bytes)))
  await t.rejects(idx(8, 1, 0, 0, 0, 2, 7), { message: /expected 10 bytes for \[2\], got 9 \[damaged-file\]/ })
  t.match(await errorOf(idx(8, 1, 0, 0, 0, 0, 7)), { reason: 'TrailingBytes' })
  t.match(await errorOf(idx(8, 2, 0, 0)), { reason: 'Truncated' })
  t.match(await errorOf(idx(8, 40, 0, 0)), { reason: 'BadShape' })

  await t.rejects(list(file('tfjs', ascii('{"weightsManifest":[{"weights":[{"name":1}]}]}'))), {
    message: /at weightsManifest\.0\.weights\.0.*name: expected string, got/,
  })
})

t.test('models of TensorFlow.js: what the manifest declares, also of a graph model', async (t) => {
  const weights = [
    { name: 'a', shape: [2], dtype: 'float32' },
    { name: 'b', shape: [], dtype: 'float32', quantization: { dtype: 'uint8', scale: 1, min: 0 } },
  ]
  const model = { format: 'graph-model', modelTopology: {}, weightsManifest: [{ paths: ['x.bin'], weights }] }
  const found = await list(file('model.json', ascii(JSON.stringify(model))))
  t.same(namesIn(found), [
    { name: 'a', dtype: 'float32', shape: [2] },
    { name: 'b', dtype: 'uint8', shape: [] },
  ])
  t.same(found.metadata, { format: 'graph-model' })
})

t.test('states of this library: the checksum, and what is told', async (t) => {
  const state = { params: { W: zeros([2]) }, metadata: { mean: zeros([1]), lr: -0, labels: ['#a'] } }
  const bytes = toBytes(state)
  const found = await list(file('state', bytes))
  t.same(found.told, { mean: 'F32 [1]', lr: -0, labels: ['#a'] })
  t.same(Object.keys(found.metadata), ['crc32', 'format', 'version'])
  t.match(await errorOf(list(file('state', changed(bytes, bytes.length - 1)))), { reason: 'WrongChecksum' })
  t.equal((await list(file('state', toBytes([zeros([1])])))).told, undefined)
  const foreign = encodeSafetensors({ W: zeros([1]) }, { format: 'pullback' })
  t.match(await errorOf(list(file('state', foreign))), { reason: 'WrongChecksum', actual: 'none' })
  t.equal(
    (await list(file('state', encodeSafetensors({}, { state: 'x' })))).metadata.state,
    'x',
    'texts of others stay',
  )
})
