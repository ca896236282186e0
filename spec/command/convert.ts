// Files of tensors of all formats: what they hold, and the same tensors in another format.
import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  decodeSafetensors,
  encodeSafetensors,
  eqTree,
  fromNested,
  init,
  key,
  linear,
  modelToBytes,
  named,
  predict,
  type Tensor,
  toArray,
  zeros,
} from 'pullback'
import { decodeNpy, decodeNpz, encodeNpy, encodeNpz } from 'pullback/numpy'
import { fromOnnx, toOnnx } from 'pullback/onnx'
import t from 'tap'
import { flowers, folder, pullback } from '../support/command.ts'
import { runModel, withoutRuntime } from '../support/onnx.ts'
import { root } from '../support/run.ts'

const write = (name: string, bytes: Uint8Array): void => writeFileSync(join(folder, name), bytes)
const read = (name: string): Uint8Array => Uint8Array.from(readFileSync(join(folder, name)))
/** The cells of a table's rows, in which nothing is quoted. */
const cellsOf = (csv: string): readonly (readonly string[])[] =>
  csv
    .trim()
    .split('\n')
    .slice(1)
    .map((row) => row.split(','))
const tensors = { W: fromNested([[1, -2]], 'float64'), b: fromNested([3], 'int32') }

t.test('every format is told by its bytes, whatever its name, and listed as the file has it', async (t) => {
  write('a', encodeSafetensors(tensors, { by: 'me' }))
  write('b', encodeNpz(tensors))
  write('c', encodeNpy(tensors.W))
  copyFileSync(join(root, 'spec/interop/tfjs/sequences.json'), join(folder, 'model.json'))
  copyFileSync(join(root, 'spec/interop/tfjs/sequences.bin'), join(folder, 'sequences.bin'))
  const all = await Promise.all(['a', 'b', 'c', 'model.json'].map((name) => pullback('inspect', name, '--json')))
  const [safetensors, npz, npy, tfjs] = all.map(({ stdout }) => JSON.parse(stdout))
  const listed = (double: string, int: string) => [
    { name: 'W', dtype: double, shape: [1, 2] },
    { name: 'b', dtype: int, shape: [1] },
  ]
  t.match(safetensors, { format: 'safetensors', tensors: listed('F64', 'I32'), metadata: { by: 'me' } })
  t.match(npz, { format: 'npz', tensors: listed('<f8', '<i4'), metadata: {} })
  t.match(npy, { format: 'npy', tensors: [{ name: 'array', shape: [1, 2] }], metadata: {} })
  t.match(tfjs, {
    format: 'tfjs',
    tensors: [{ name: 'conv1d_Conv1D1/kernel', dtype: 'float32', shape: [3, 3, 4] }, {}, {}, {}],
    metadata: { format: 'layers-model' },
  })
})

t.test('there and back, to the bit', async (t) => {
  write('a.safetensors', encodeSafetensors(tensors, { by: 'me' }))
  t.same((await pullback('convert', 'a.safetensors', 'a.npz')).stdout, 'a.npz: 2 tensors, without its text\n')
  const npz = decodeNpz(read('a.npz'))
  t.ok(npz._tag === 'Right' && eqTree.equals(npz.right, tensors))
  t.equal((await pullback('convert', 'a.npz', 'b.safetensors')).code, 0)
  t.same(read('b.safetensors'), encodeSafetensors(tensors))
  write('c.safetensors', encodeSafetensors({ zero: zeros([1000]) }))
  await pullback('convert', 'c.safetensors', 'c.npz', '--compress')
  t.ok(read('c.npz').length < 1000)
  t.equal((await pullback('convert', 'c.npz', 'c.npy')).stdout, 'c.npy: 1 tensor\n')
  t.equal((await pullback('convert', 'c.npz', 'd.NPZ')).code, 0, 'an ending of any case')
  t.equal(decodeNpy(read('c.npy'))._tag, 'Right')
})

t.test('IDX, some of the tensors, and a model in several files that links lead to', async (t) => {
  write('digits', Uint8Array.of(0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 2, 7, 255))
  t.equal((await pullback('convert', 'digits', 'digits.npy')).code, 0)
  const digits = decodeNpy(read('digits.npy'))
  t.ok(digits._tag === 'Right' && eqTree.equals(digits.right, fromNested([[7, 255]], 'int32')))
  t.equal((await pullback('convert', 'a.npz', 'b.npz', '--names', 'b')).stdout, 'b.npz: 1 tensor\n')
  t.match((await pullback('convert', 'a.npz', 'b.npz', '--names', 'b,c')).stderr, /expected an array 'c'/)
  t.match((await pullback('convert', 'model.json', 'b.npz', '--names', 'c')).stderr, /expected a tensor 'c', got none/)

  const cache = join(folder, 'cache')
  mkdirSync(cache)
  symlinkSync(join(folder, 'a.safetensors'), join(cache, 'one.safetensors'))
  const index = JSON.stringify({ weight_map: { W: 'one.safetensors' } })
  writeFileSync(join(cache, 'model.safetensors.index.json'), index)
  const path = 'cache/model.safetensors.index.json'
  for (const args of [
    ['inspect', path],
    ['convert', path, 'linked.npz'],
  ] as const) {
    t.match((await pullback(...args)).stderr, /got a link to .*; give --links where links are trusted/)
    t.equal((await pullback(...args, '--links')).code, 0)
  }
  t.match(decodeNpz(read('linked.npz')), { right: { W: { shape: [1, 2] } } })
  t.match((await pullback('inspect', path, '--links')).stdout, /: safetensors, .* 1 tensor, 2 numbers\n/)
})

t.test('a model of this library becomes a plain file of tensors', async (t) => {
  write('m.safetensors', modelToBytes(init(linear(2, 1), key(0)), { labels: ['a'] }))
  t.equal((await pullback('convert', 'm.safetensors', 'plain.safetensors')).code, 0)
  const found = decodeSafetensors(read('plain.safetensors'))
  t.match(found, { right: { tensors: { 'params.W': { shape: [1, 2] } }, metadata: { format: undefined } } })
})

t.test('the weights of a model of ONNX, as they lie here', async (t) => {
  const layer = named('L', linear(2, 1))
  const variables = init(layer, key(0))
  write('m.onnx', toOnnx(layer, variables))
  t.equal((await pullback('convert', 'm.onnx', 'o.npz')).code, 0)
  const npz = decodeNpz(read('o.npz'))
  t.ok(npz._tag === 'Right' && eqTree.equals({ W: npz.right['params.L.W'] } as never, { W: variables.params.L.W }))
})

t.test('a trained network as a model of ONNX, which tells what predict tells', async (t) => {
  const rows = Array.from({ length: 60 }, (_, i) => [i / 10, ['red', 'green', 'blue'][i % 3], i % 2 === 0] as const)
  const csv = rows.map(([x, color, isOn]) => `${x},${color},${isOn},${3 * x + (color === 'red' ? 50 : 0) + 1000}`)
  writeFileSync(join(folder, 'prices.csv'), ['size,color,on,price', ...csv].join('\n'))
  const training = ['--epochs', '3', '--quiet']
  t.equal((await pullback('train', flowers, '--target', 'species', '--out', 'flowers', ...training)).code, 0)
  t.equal((await pullback('train', 'prices.csv', '--target', 'price', '--out', 'prices', ...training)).code, 0)
  const inputs = {
    flowers: cellsOf(readFileSync(flowers, 'utf8')).map((row) => row.slice(0, 4).map(Number)),
    prices: rows.map(([x, color, isOn]) => [x, ['blue', 'green', 'red'].indexOf(color as string), Number(isOn)]),
  }
  const tables = { flowers, prices: 'prices.csv' }
  for (const [name, from, ...options] of [
    ['flowers', 'flowers', '--probabilities'],
    ['prices', 'prices/model.safetensors'],
  ] as const) {
    const { code, stdout, stderr } = await pullback('convert', from, `${name}.onnx`)
    t.match([code, stdout, stderr], [0, /^\w+\.onnx: [\d,]+ bytes\n$/, ''])
    const model = fromOnnx(read(`${name}.onnx`))
    if (model._tag === 'Left') throw model.left
    const { layer, variables, metadata } = model.right
    t.same(Object.keys(metadata), ['by', 'columns', 'target'])
    const expected = cellsOf((await pullback('predict', from, tables[name], ...options)).stdout).map((row) =>
      row.slice(name === 'flowers' ? -3 : -1).map(Number),
    )
    const x = fromNested(inputs[name])
    for (const found of [
      predict(layer, variables, x),
      ...(withoutRuntime ? [] : await runModel(read(`${name}.onnx`), [x])),
    ])
      t.ok(
        toArray(found as Tensor).every((value, i) => Math.abs(value / (expected.flat()[i] as number) - 1) < 1e-5),
        name,
      )
  }
  const { columns = '', target = '' } = (
    fromOnnx(read('prices.onnx')) as { right: { metadata: Record<string, string> } }
  ).right.metadata
  t.match(JSON.parse(columns), [
    { name: 'size', kind: 'number' },
    { name: 'color', labels: ['blue', 'green', 'red'] },
    { name: 'on' },
  ])
  t.match(JSON.parse(target), { name: 'price', kind: 'number', units: {} })
})

t.test('a network of TensorFlow.js as a model of ONNX, and the weights of that as safetensors', async (t) => {
  copyFileSync(join(root, 'spec/interop/tfjs/sequences.json'), join(folder, 'model.json'))
  copyFileSync(join(root, 'spec/interop/tfjs/sequences.bin'), join(folder, 'sequences.bin'))
  t.equal((await pullback('convert', 'model.json', 'sequences.onnx')).code, 0)
  t.equal((await pullback('convert', 'sequences.onnx', 'sequences.safetensors')).code, 0)
  const there = decodeSafetensors(read('sequences.safetensors'))
  t.ok(there._tag === 'Right' && Object.keys(there.right.tensors).length > 3)
})

t.test('what is refused, and why: exit code 1, and no file', async (t) => {
  write('bad.npz', encodeNpz(tensors).subarray(0, 100))
  const cases = [
    [['inspect', 'bad.npz'], /^pullback: bad\.npz: npz /],
    [['convert', 'bad.npz', 'out.safetensors'], /^pullback: bad\.npz: npz /],
    [['convert', 'a.npz', 'out.npy'], /^pullback: expected one tensor for a file of one array, got 2/],
    [['convert', 'a.npz', 'model.json/x.npz'], /cannot/],
    [['convert', 'c.npz', 'out.safetensors', '--limit', '9'], /; give a higher --limit if the file is trusted \[too-l/],
    [['convert', 'c.npz', 'out.safetensors', '--names', 'q'], /expected an array 'q'/],
    [['convert', 'flowers', 'out.npz'], /got a folder; name a file in it, such as model\.safetensors \[unsup/],
    [['convert', 'out.pt', 'out.onnx'], /cannot open: ENOENT/],
    [['inspect', 'm.onnx', '--statistics'], /got a model: convert it to \.safetensors first \[wrong-argument\]\n$/],
    [
      ['convert', 'm.safetensors', 'out.onnx'],
      /m\.safetensors: .* expected a model that pullback train has saved, .*; where a file has no layers, build them in a program and write them by toOnnx of pullback\/onnx/,
    ],
    [['convert', 'a.npz', 'out.onnx'], /a\.npz: .* expected a model that pullback train has saved/],
    [['convert', 'none', 'out.onnx'], /cannot open: ENOENT/],
    [
      ['convert', 'm.onnx', 'out.onnx'],
      /^pullback: m\.onnx: expected a model in another format, got one of ONNX already/,
    ],
  ] as const
  const outcomes = await Promise.all(cases.map(([args]) => pullback(...args)))
  outcomes.forEach(({ code, stdout, stderr }, i) => {
    t.same([code, stdout], [1, ''], `${cases[i]?.[0]}`)
    t.match(stderr, cases[i]?.[1])
  })
  for (const name of ['out.safetensors', 'out.onnx']) t.throws(() => read(name))
})
