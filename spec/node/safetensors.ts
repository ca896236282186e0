// Tensors in files: those of some names, without reading the rest, and models that are divided into several files.
import { mkdir, mkdtemp, open, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeSafetensors, encodeSafetensors, eqTree, eye, fromNested, toArray, zeros } from 'pullback'
import { listTensors, loadSafetensors, saveSafetensors } from 'pullback/node'
import t from 'tap'
import * as E from '#fp/Either'

const folder = await mkdtemp(join(tmpdir(), 'pullback-'))
t.teardown(() => rm(folder, { recursive: true }))
const right = <L extends Error, A>(found: E.Either<L, A>): A => {
  if (E.isLeft(found)) throw found.left
  return found.right
}
const file = join(folder, 'some', 'tensors.safetensors')

t.test('one file', async (t) => {
  right(await saveSafetensors(file, { a: eye(2), b: fromNested([1, 2], 'int32') }, { about: 'text' })())
  const all = right(await loadSafetensors(file)())
  t.same([Object.keys(all.tensors), all.metadata], [['a', 'b'], { about: 'text' }])
  const { tensors } = right(await loadSafetensors(file, { names: ['b'] })())
  t.same(toArray(tensors.b as never), [1, 2])
  t.same(right(await listTensors(file)()), {
    tensors: [
      { name: 'a', dtype: 'F32', shape: [2, 2] },
      { name: 'b', dtype: 'I32', shape: [2] },
    ],
    metadata: { about: 'text' },
  })
  t.match(await loadSafetensors(file, { names: ['c'] })(), {
    left: {
      reason: 'MissingName',
      message: /^.*tensors\.safetensors: .*expected a tensor 'c', got 'a', 'b' \[missing-name\]$/,
    },
  })
  t.match(await loadSafetensors(join(folder, 'none'))(), { left: { reason: 'ENOENT' } })
  t.match(await loadSafetensors(folder)(), { left: { reason: 'EISDIR' } })
  t.throws(() => loadSafetensors(file, { name: ['a'] } as never), { message: /names, links/ })
})

t.test('many tensors, in whatever order they are named and lie, come as they come from bytes', async (t) => {
  const entries = Array.from({ length: 3000 }, (_, i) => {
    const numbers = Array.from({ length: i % 4 }, (_, k) => 10 * i + k)
    return [`t${(i * 7) % 3000}`, fromNested(numbers, i % 3 === 0 ? 'float64' : 'float32')] as const
  })
  const written = encodeSafetensors(Object.fromEntries(entries))
  const length = Number(new DataView(written.buffer).getBigUint64(0, true))
  const header = JSON.parse(new TextDecoder().decode(written.subarray(8, 8 + length)))
  const turned = JSON.stringify(Object.fromEntries(Object.entries(header).reverse())).padEnd(length)
  const bytes = written.slice()
  bytes.set(new TextEncoder().encode(turned), 8)
  await writeFile(file, bytes)
  const some = Array.from({ length: 100 }, (_, i) => `t${(i * 13) % 3000}`)
  for (const options of [{}, { names: some }]) {
    const here = right(decodeSafetensors(bytes, options)).tensors
    const there = right(await loadSafetensors(file, options)()).tensors
    t.same(Object.keys(there), Object.keys(here))
    t.ok(eqTree.equals(there as never, here as never))
  }
})

t.test('a header that claims more than the file has takes no memory', async (t) => {
  const bytes = encodeSafetensors({ a: eye(2) })
  for (let cut = 0; cut < bytes.length; cut++) {
    await writeFile(file, bytes.subarray(0, cut))
    t.match(await loadSafetensors(file)(), { left: { reason: 'Truncated', file } }, `cut at ${cut}`)
  }
  const [head, length] = [new Uint8Array(8), new DataView(new ArrayBuffer(8))]
  length.setBigUint64(0, 99_999_999n, true)
  head.set(new Uint8Array(length.buffer))
  await writeFile(file, head)
  t.match(await listTensors(file)(), {
    left: { reason: 'Truncated', expected: 'a header that ends at byte 100000007' },
  })
})

t.test('a file of gigabytes, of which a few numbers are read', async (t) => {
  const size = 3 * 2 ** 30
  const entries = { far: [0, size], near: [size, size + 8] } as const
  const header = JSON.stringify(
    Object.fromEntries(
      Object.entries(entries).map(([name, [a, b]]) => [
        name,
        { dtype: 'F32', shape: [(b - a) / 4], data_offsets: [a, b] },
      ]),
    ),
  )
  const path = join(folder, 'large.safetensors')
  const sparse = await open(path, 'w')
  const [start, lengths] = [8 + header.length, new BigUint64Array([BigInt(header.length)])]
  await sparse.write(new Uint8Array(lengths.buffer), 0, 8, 0)
  await sparse.write(header, 8)
  await sparse.write(new Uint8Array(Float32Array.of(3, 4).buffer), 0, 8, start + size)
  await sparse.close()
  const before = process.memoryUsage().arrayBuffers
  const { tensors } = right(await loadSafetensors(path, { names: ['near'] })())
  t.same(toArray(tensors.near as never), [3, 4])
  t.ok(process.memoryUsage().arrayBuffers - before < 1e6)
})

const index = join(folder, 'model.safetensors.index.json')
const write = (map: unknown): Promise<void> =>
  writeFile(index, JSON.stringify({ metadata: { total_size: 24 }, weight_map: map }))
const [first, second] = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors']

t.test('a model in several files', async (t) => {
  await writeFile(join(folder, first), encodeSafetensors({ a: eye(2), spare: eye(1) }, { format: 'pt', part: '1' }))
  await writeFile(join(folder, second), encodeSafetensors({ b: zeros([2]) }, { format: 'pt', part: '2' }))
  await write({ b: second, a: first })
  const all = right(await loadSafetensors(index)())
  t.same(Object.keys(all.tensors).sort(), ['a', 'b'])
  t.same(all.metadata, { format: 'pt', part: '2' })
  t.same(
    right(await listTensors(index)()).tensors.map(({ name }) => name),
    ['b', 'a'],
  )
  await write({ a: first, b: 'missing.safetensors' })
  t.same(
    Object.keys(right(await loadSafetensors(index, { names: ['a'] })()).tensors),
    ['a'],
    'other files are not opened',
  )
  t.match(await loadSafetensors(index)(), { left: { reason: 'ENOENT' } })
  t.match(await loadSafetensors(index, { names: ['c'] })(), { left: { reason: 'MissingName', file: index } })
  await write({ a: first, b: first })
  t.match(await loadSafetensors(index)(), { left: { reason: 'MissingName', entry: 'b', file: join(folder, first) } })
})

t.test('an index that is wrong', async (t) => {
  for (const [reason, text] of [
    ['NotJson', 'no index'],
    ['NotJson', '[]'],
    ['BadEntry', '{}'],
    ['BadEntry', '{"weight_map":["a"]}'],
    ['BadEntry', '{"weight_map":{"a":1}}'],
    ['DuplicateName', `{"weight_map":{"a":"${first}","a":"${second}"}}`],
    ['TooDeep', `{"weight_map":${'['.repeat(1e5)}${']'.repeat(1e5)}}`],
    ...['', '.', '..', '../a', '/etc/a', 'a/b', 'a\\b', 'C:a', 'a\0'].map(
      (name) => ['BadEntry', JSON.stringify({ weight_map: { a: name } })] as const,
    ),
  ] as const) {
    await writeFile(index, text)
    t.match(await loadSafetensors(index)(), { left: { reason, file: index } }, text.slice(0, 60))
  }
  await writeFile(index, Uint8Array.of(0x7b, 0x80, 0x7d))
  t.match(await loadSafetensors(index)(), { left: { reason: 'NotUtf8', file: index } })
  await write(JSON.parse(`{"__proto__":"${first}"}`))
  t.match(await loadSafetensors(index)(), { left: { reason: 'MissingName', entry: '__proto__' } })
})

t.test('an index with a long name takes no time', async (t) => {
  const began = performance.now()
  for (const name of [`${'a'.repeat(1e6)}/`, '.'.repeat(1e6), `${'.'.repeat(1e6)}/`]) {
    await write({ a: name })
    t.match(await loadSafetensors(index)(), { left: { reason: 'BadEntry' } })
  }
  t.ok(performance.now() - began < 2000)
})

t.test('links out of the folder', async (t) => {
  const other = join(folder, 'other')
  await mkdir(other)
  await writeFile(join(other, 'blob'), encodeSafetensors({ a: eye(2) }))
  await symlink(join(other, 'blob'), join(folder, 'inner.safetensors'))
  await write({ a: 'inner.safetensors' })
  t.same(Object.keys(right(await loadSafetensors(index)()).tensors), ['a'], 'a link within the folder')
  const outer = join(other, 'model.safetensors.index.json')
  await symlink(join(folder, first), join(other, 'outer.safetensors'))
  await writeFile(outer, JSON.stringify({ weight_map: { a: 'outer.safetensors' } }))
  t.match(await loadSafetensors(outer)(), {
    left: { reason: 'BadEntry', message: /a link to .*; give \{ links: true \}/ },
  })
  t.same(Object.keys(right(await loadSafetensors(outer, { links: true })()).tensors), ['a'])
})
