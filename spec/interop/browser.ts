// Files of other programs in a page: what is read, refused, trained and written there is what Node reads, refuses, trains
// and writes, bit for bit.
import { zeros } from 'pullback'
import { encodeNpz } from 'pullback/numpy'
import { fromOnnx } from 'pullback/onnx'
import t from 'tap'
import { foreign } from '../support/foreign.ts'
import { interopFile } from '../support/interop.ts'
import { bytesOf, many } from '../support/numpy.ts'
import { inPage, withoutBrowser } from '../support/page.ts'

/** An archive whose only entry says in both its headers that it inflates to almost 4 GiB. */
const bomb = (): Uint8Array => {
  const bytes = encodeNpz({ W: zeros([1000]) }, { compress: true })
  const list = Buffer.from(bytes).indexOf(Buffer.from([0x50, 0x4b, 1, 2]))
  for (const at of [22, list + 24]) new DataView(bytes.buffer).setUint32(at, 0xfffffff0, true)
  return bytes
}
/** A file whose header declares a tensor of 4 PB. */
const huge = (): Uint8Array => {
  const header = JSON.stringify({ W: { dtype: 'F32', shape: [1e9, 1e6], data_offsets: [0, 16] } })
  return new Uint8Array(
    Buffer.concat([Uint8Array.of(header.length, 0, 0, 0, 0, 0, 0, 0), Buffer.from(header + ' '.repeat(16))]),
  )
}
const files = {
  'arrays.npz': bytesOf(many),
  'hostile.npz': bomb(),
  'mlp.safetensors': interopFile('torch/mlp.safetensors'),
  'hostile.safetensors': huge(),
  'images.onnx': interopFile('models/images.onnx'),
  'hostile.onnx': interopFile('models/images.onnx').subarray(0, 4000),
  'images.json': interopFile('tfjs/images.json'),
  'images.bin': interopFile('tfjs/images.bin'),
}

const program = `
import { foreign } from './spec/support/foreign.ts'
const names = ${JSON.stringify(Object.keys(files))}
const bytesOf = async (name) => new Uint8Array(await (await fetch(name)).arrayBuffer())
const go = async () => foreign(Object.fromEntries(await Promise.all(names.map(async (name) => [name, await bytesOf(name)]))))
`

t.test('a page does what Node does', { skip: withoutBrowser }, async (t) => {
  const here = foreign(files)
  const there = await inPage<typeof here>(program, files)
  t.equal(there.engine, 'wasm')
  t.equal(there.arrays.length, 30)
  for (const part of ['arrays', 'tensors', 'predicted', 'trained', 'refused', 'engine'] as const)
    t.same(there[part], JSON.parse(JSON.stringify(here[part])), part)

  const { losses, file } = there.trained
  t.ok((losses.at(-1) as number) < 0.5 * (losses[0] as number), `it learns: ${losses[0]} to ${losses.at(-1)}`)
  const written = fromOnnx(Uint8Array.from(file))
  t.equal(written._tag, 'Right', 'what the page has written is read in Node')
  t.match(there.refused, {
    npz: /^npz /,
    'npz beyond a limit': /limit/,
    safetensors: /^safetensors /,
    onnx: /^onnx at byte/,
    'onnx beyond a limit': /at most 10/,
    tfjs: /^tfjs/,
  })
  t.notOk(Object.values(there.refused).includes('it was read'))
})
