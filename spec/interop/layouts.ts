// The table of layers: it has the whole catalogue, says of each layer what the layer itself says, and is the page.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type AnyLayer,
  attention,
  batchNorm,
  bilinear,
  conv1d,
  conv2d,
  convTranspose1d,
  convTranspose2d,
  embedding,
  groupNorm,
  gru,
  gruCell,
  instanceNorm,
  layerNorm,
  learnedPosition,
  linear,
  lstm,
  lstmCell,
  oneProcess,
  prelu,
  rmsNorm,
  rnn,
  rnnCell,
  syncBatchNorm,
} from 'pullback'
import { layouts } from 'pullback/interop'
import t from 'tap'
import { layoutsPage } from '../../docs/layouts.ts'
import { declarations } from '../../lib/layer/variables.ts'
import { exportedFrom } from '../support/exported.ts'
import { root } from '../support/run.ts'

const made: { readonly [name: string]: AnyLayer } = {
  linear: linear(3, 2),
  conv1d: conv1d(3, 4, { kernel: 3 }),
  conv2d: conv2d(4, 6, { kernel: 2 }),
  batchNorm: batchNorm(3),
  syncBatchNorm: syncBatchNorm(oneProcess, 3),
  convTranspose1d: convTranspose1d(3, 4, { kernel: 3 }),
  convTranspose2d: convTranspose2d(4, 6, { kernel: 2 }),
  bilinear: bilinear(2, 3, 4),
  instanceNorm: instanceNorm(4, { affine: true }),
  layerNorm: layerNorm(5),
  groupNorm: groupNorm(2, 4),
  rmsNorm: rmsNorm(5),
  prelu: prelu({ channels: 3 }),
  embedding: embedding(7, 3) as unknown as AnyLayer,
  learnedPosition: learnedPosition(5, 3),
  rnn: rnn(3, 4),
  gru: gru(3, 4),
  lstm: lstm(3, 4),
  rnnCell: rnnCell(3, 4),
  gruCell: gruCell(3, 4),
  lstmCell: lstmCell(3, 4),
  attention: attention(4, 2),
}

t.test('every layer of the catalogue is in it, once', async (t) => {
  const listed = layouts.map(({ layer }) => layer)
  t.equal(new Set(listed).size, listed.length)
  const missing = exportedFrom(/^nn\//).filter((name) => !listed.includes(name))
  t.same(missing, [])
})

t.test('the variables are those of the layers, and lie as the axes say', async (t) => {
  for (const { layer, variables = [] } of layouts) {
    const found = made[layer]
    t.equal(found === undefined, variables.length === 0, layer)
    for (const of of ['params', 'state'] as const) {
      const rows = variables.filter((v) => v.of === of)
      const declared: { readonly [name: string]: { readonly shape: readonly number[] } } = Object.fromEntries(
        found === undefined ? [] : declarations(found[of]),
      )
      t.same(Object.keys(declared).sort(), rows.map(({ name }) => name).sort(), `${of} of ${layer}`)
      for (const { name, axes } of rows)
        t.equal(declared[name]?.shape.length, axes.split(' ').length, `${layer}.${name}`)
    }
    for (const { axes, torch, onnx, keras } of variables)
      for (const elsewhere of [torch, onnx, keras])
        t.same((elsewhere?.axes ?? axes).split(' ').sort(), axes.split(' ').sort(), `the axes of ${layer} elsewhere`)
  }
})

t.test('the page agrees with the table', async (t) => {
  t.equal(readFileSync(join(root, 'docs/layouts.md'), 'utf8'), layoutsPage(), 'npm run docs:layouts prints it anew')
})
