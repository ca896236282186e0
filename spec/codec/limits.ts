// What a file of tensors may ask of its reader: each limit at its value and one below it, the same on every path.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  decodeSafetensors,
  encodeSafetensors,
  eye,
  type FileError,
  type FileLimits,
  type FormatError,
  listSafetensors,
  StructureError,
  zeros,
} from 'pullback'
import { listTensors, loadNpy, loadNpz, loadSafetensors } from 'pullback/node'
import { decodeNpy, decodeNpz, encodeNpy, encodeNpz } from 'pullback/numpy'
import t from 'tap'
import type * as E from '#fp/Either'

const folder = await mkdtemp(join(tmpdir(), 'pullback-'))
t.teardown(() => rm(folder, { recursive: true }))

type Outcome = E.Either<FileError | FormatError, unknown>
type Read = (bytes: Uint8Array, limits: FileLimits) => Outcome | Promise<Outcome>
const path = join(folder, 'file')
const fromFile =
  (load: (path: string, options: object) => () => Promise<Outcome>): Read =>
  async (bytes, limits) => {
    await writeFile(path, bytes)
    return load(path, { limits })()
  }
const safetensors: { readonly [name: string]: Read } = {
  decodeSafetensors: (bytes, limits) => decodeSafetensors(bytes, { limits }),
  listSafetensors: (bytes, limits) => listSafetensors(bytes, { limits }),
  loadSafetensors: fromFile(loadSafetensors),
  listTensors: fromFile(listTensors),
}
const npy: typeof safetensors = {
  decodeNpy: (bytes, limits) => decodeNpy(bytes, { limits }),
  loadNpy: fromFile(loadNpy),
}
const npz: typeof safetensors = {
  decodeNpz: (bytes, limits) => decodeNpz(bytes, { limits }),
  loadNpz: fromFile(loadNpz),
}

/** A file, what it asks of each limit, and the reason for which less is refused. */
type Asks = readonly (readonly [
  readers: typeof safetensors,
  bytes: Uint8Array,
  asks: { readonly [N in keyof FileLimits]?: readonly [value: number, reason: string] },
])[]
const tensors = encodeSafetensors({ W: zeros([1, 2, 3]), b: zeros([2]) }, { about: 'two', by: 'me' })
const array = encodeNpy(zeros([1, 2, 3]))
const archive = encodeNpz({ W: zeros([10, 100]), b: zeros([100]) }, { compress: true })
const asks: Asks = [
  [
    safetensors,
    tensors,
    {
      header: [tensors.length - 8 - 32, 'HeaderTooLong'],
      depth: [3, 'TooDeep'],
      rank: [3, 'BadShape'],
      entries: [2, 'TooLarge'],
      bytes: [tensors.length, 'TooLarge'],
    },
  ],
  [
    npy,
    array,
    {
      header: [118, 'HeaderTooLong'],
      depth: [2, 'BadHeader'],
      rank: [3, 'BadShape'],
      bytes: [array.length, 'TooLarge'],
    },
  ],
  [
    npz,
    archive,
    {
      header: [118, 'HeaderTooLong'],
      depth: [2, 'BadHeader'],
      rank: [2, 'BadShape'],
      entries: [2, 'TooLarge'],
      bytes: [archive.length, 'TooLarge'],
      inflated: [128 + 4000 + 128 + 400, 'TooLarge'],
    },
  ],
]

t.test('what a file asks for is enough, and one less is not', async (t) => {
  for (const [readers, bytes, limits] of asks)
    for (const [op, read] of Object.entries(readers)) {
      const all = Object.fromEntries(Object.entries(limits).map(([name, [value]]) => [name, value]))
      t.equal((await read(bytes, all))._tag, 'Right', op)
      for (const [name, [value, reason]] of Object.entries(limits)) {
        const found = await read(bytes, { ...all, [name]: value - 1 })
        t.equal(found._tag === 'Left' && found.left.reason, reason, `${op}, ${name}`)
        if (reason === 'TooLarge') t.match(found, { left: { remedy: new RegExp(`{ limits: { ${name} } }`) } })
      }
      t.equal((await read(bytes, { ...all, rank: Number.POSITIVE_INFINITY }))._tag, 'Right')
    }
})

t.test('an entry of an archive is judged like an array, though it is not inflated', async (t) => {
  const bytes = encodeNpz({ W: zeros([100, 100]) }, { compress: true })
  for (const [op, read] of Object.entries(npz)) {
    t.match(await read(bytes, { rank: 1 }), { left: { format: 'npy', entry: 'W', reason: 'BadShape' } }, op)
    t.match(await read(bytes, { header: 0 }), { left: { format: 'npy', entry: 'W', reason: 'HeaderTooLong' } }, op)
  }
})

t.test('the index of a model in several files has the same limits', async (t) => {
  await writeFile(join(folder, 'part.safetensors'), encodeSafetensors({ W: eye(2), b: zeros([2]) }))
  const index = join(folder, 'model.safetensors.index.json')
  const text = JSON.stringify({
    metadata: { total_size: 24, about: 'longer than the headers'.repeat(9), more: {} },
    weight_map: { b: 'part.safetensors', W: 'part.safetensors' },
  })
  await writeFile(index, text)
  for (const read of [listTensors, loadSafetensors]) {
    t.match(await read(index, { limits: { header: text.length, entries: 2, depth: 3 } })(), { _tag: 'Right' })
    t.match(await read(index, { limits: { header: text.length - 1 } })(), { left: { reason: 'HeaderTooLong' } })
    t.match(await read(index, { limits: { entries: 1 } })(), { left: { reason: 'TooLarge', file: index } })
    t.match(await read(index, { limits: { depth: 2 } })(), { left: { reason: 'TooDeep', file: index } })
    t.match(await read(index, { limits: { bytes: 10 } })(), { left: { reason: 'TooLarge' } })
  }
})

t.test('limits that are none', async (t) => {
  const none = new Uint8Array(0)
  const takers: { readonly [op: string]: (options: never) => unknown } = {
    decodeSafetensors: (options) => decodeSafetensors(none, options),
    listSafetensors: (options) => listSafetensors(none, options),
    loadSafetensors: (options) => loadSafetensors(path, options),
    listTensors: (options) => listTensors(path, options),
    decodeNpy: (options) => decodeNpy(none, options),
    loadNpy: (options) => loadNpy(path, options),
    decodeNpz: (options) => decodeNpz(none, options),
    loadNpz: (options) => loadNpz(path, options),
  }
  for (const [op, take] of Object.entries(takers)) {
    t.throws(() => take({ limits: { byte: 1 } } as never), {
      message: `${op}: expected options among header, depth, rank, entries, bytes, inflated, got 'byte' [unknown-option]`,
    })
    for (const bad of [-1, 0.5, Number.NaN, '9', null, 5n])
      t.throws(() => take({ limits: { bytes: bad } } as never), StructureError, `${op}, ${String(bad)}`)
    t.throws(() => take({ limits: 3 } as never), StructureError)
    t.throws(() => take({ limit: 3 } as never), { code: 'unknown-option' })
  }
  t.throws(() => decodeNpy(none, { limits: { depth: -1 } }), {
    message: 'decodeNpy: expected a limit of depth, a whole number from 0 on or Infinity, got -1 [out-of-range]',
  })
})
