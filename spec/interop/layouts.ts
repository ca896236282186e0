// The table of layers: it has the whole catalogue, says of each layer what the layer itself says, and is the page.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type AnyLayer,
  type AnyTensor,
  approxEqual,
  attention,
  batchNorm,
  bilinear,
  conv1d,
  conv2d,
  convTranspose1d,
  convTranspose2d,
  crossAttention,
  embedding,
  groupNorm,
  gru,
  gruCell,
  init,
  instanceNorm,
  key,
  layerNorm,
  learnedPosition,
  linear,
  lstm,
  lstmCell,
  oneProcess,
  op,
  predict,
  prelu,
  random,
  rmsNorm,
  rnn,
  rnnCell,
  syncBatchNorm,
  type Tensor,
} from 'pullback'
import { layouts } from 'pullback/interop'
import t from 'tap'
import { layoutsPage } from '../../docs/layouts.ts'
import { declarations } from '../../lib/layer/variables.ts'
import { exportedFrom } from '../support/exported.ts'
import { model, node, port, runModel, withoutRuntime } from '../support/onnx.ts'
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
  crossAttention: crossAttention(4, 2),
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

const recurrent = { rnn: rnn(3, 4), gru: gru(3, 4), lstm: lstm(3, 4) } as const

t.test('recurrent weights lie in ONNX as the table says', { skip: withoutRuntime }, async (t) => {
  for (const [name, layer] of Object.entries(recurrent)) {
    const { onnx = '', defaults = [] } = layouts.find((row) => row.layer === name) ?? {}
    const { here = 'h', onnx: there = 'h' } = defaults.find(({ of }) => of === 'order of the gates') ?? {}
    // The same gates have other letters: g, n and c, h are what a state is made of.
    const letter = (gate: string): string => gate.replace(/[gnch]/, 'c')
    const places = there.split(' ').map((gate) => here.split(' ').map(letter).indexOf(letter(gate)))
    const { params } = init(layer as AnyLayer, key(1)) as { params: Record<string, Record<string, Tensor>> }
    const ordered = (x: Tensor | undefined): Tensor =>
      op.concat(
        places.map((at) => op.slice(x as Tensor, [[4 * at, 4 * at + 4]] as never)),
        0 as never,
      ) as unknown as Tensor
    const own = (part: string, name: string): Tensor => ordered(params[part]?.[name])
    const tensors = {
      W: op.stack([own('input', 'W')], 0 as never),
      R: op.stack([own('hidden', 'W')], 0 as never),
      B: op.stack([op.concat([own('input', 'b'), own('hidden', 'b')], 0 as never)], 0 as never),
    } as unknown as { readonly [name: string]: AnyTensor }
    const options = { hidden_size: 4, ...(name === 'gru' && { linear_before_reset: 1 }) }
    const bytes = model({
      nodes: [node(onnx, 'x W R B', 'y', options)],
      inputs: [port('x', [5, 2, 3])],
      outputs: [port('y', undefined)],
      tensors,
    })
    const x = random.normal(key(2), [2, 5, 3]) as Tensor
    const [found] = await runModel(bytes, [op.transpose(x, [1, 0, 2]) as AnyTensor])
    const expected = predict(layer as AnyLayer, { params, state: {} } as never, x as never) as unknown as Tensor
    const [steps, , batch, width] = (found as AnyTensor).shape as readonly [number, number, number, number]
    const y = op.transpose(op.reshape(found as Tensor, [steps, batch, width]), [1, 0, 2]) as Tensor
    t.ok(approxEqual(y, expected, { relative: 1e-5, absolute: 1e-6 }), name)
  }
})

t.test('the page agrees with the table', async (t) => {
  t.equal(readFileSync(join(root, 'docs/layouts.md'), 'utf8'), layoutsPage(), 'npm run docs:layouts prints it anew')
})
