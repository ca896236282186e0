// Files of tensors of all formats: what they hold, and the same tensors in another format.
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
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
  zeros,
} from 'pullback'
import { decodeNpy, decodeNpz, encodeNpy, encodeNpz } from 'pullback/numpy'
import { toOnnx } from 'pullback/onnx'
import t from 'tap'
import { folder, pullback } from '../support/command.ts'
import { root } from '../support/run.ts'

const write = (name: string, bytes: Uint8Array): void => writeFileSync(join(folder, name), bytes)
const read = (name: string): Uint8Array => Uint8Array.from(readFileSync(join(folder, name)))
const tensors = { W: fromNested([[1, -2]], 'float64'), b: fromNested([3], 'int32') }

t.test('every format is told by its bytes, whatever its name', async (t) => {
  write('a', encodeSafetensors(tensors, { by: 'me' }))
  write('b', encodeNpz(tensors))
  write('c', encodeNpy(tensors.W))
  copyFileSync(join(root, 'spec/interop/tfjs/sequences.json'), join(folder, 'model.json'))
  copyFileSync(join(root, 'spec/interop/tfjs/sequences.bin'), join(folder, 'sequences.bin'))
  const all = await Promise.all(['a', 'b', 'c', 'model.json'].map((name) => pullback('inspect', name, '--json')))
  const [safetensors, npz, npy, tfjs] = all.map(({ stdout }) => JSON.parse(stdout))
  const listed = [
    { name: 'W', dtype: 'float64', shape: [1, 2], least: -2 },
    { name: 'b', dtype: 'int32', shape: [1] },
  ]
  t.match(safetensors, { format: 'safetensors', tensors: listed, metadata: { by: 'me' } })
  t.match(npz, { format: 'npz', tensors: listed, metadata: {} })
  t.match(npy, { format: 'npy', tensors: [{ name: 'array', shape: [1, 2] }], metadata: {} })
  t.match(tfjs, { format: 'tfjs', tensors: [{ name: 'params.conv1d_Conv1D1.W', shape: [4, 3, 3] }, {}, {}, {}] })
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
  await pullback('convert', 'c.npz', 'c.npy')
  t.equal(decodeNpy(read('c.npy'))._tag, 'Right')
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

t.test('what is refused, and why: exit code 1, and no file', async (t) => {
  write('bad.npz', encodeNpz(tensors).subarray(0, 100))
  const cases = [
    [['inspect', 'bad.npz'], /^pullback: bad\.npz: npz /],
    [['convert', 'bad.npz', 'out.safetensors'], /^pullback: bad\.npz: npz /],
    [['convert', 'a.npz', 'out.npy'], /^pullback: expected one tensor for a file of one array, got 2/],
    [['convert', 'a.npz', 'model.json/x.npz'], /cannot/],
  ] as const
  for (const [args, expected] of cases) {
    const { code, stdout, stderr } = await pullback(...args)
    t.same([code, stdout], [1, ''], args.join(' '))
    t.match(stderr, expected)
  }
  t.throws(() => read('out.safetensors'))
})
