// Weights from PyTorch and to it: networks that it trained, its layers one by one, and what it makes of ours. The files in
// torch/ were written by pytorch.py and ours.mjs.
import {
  type AnyLayer,
  type AnyTensor,
  attention,
  batchNorm,
  bidirectional,
  cast,
  compose,
  conv1d,
  conv2d,
  convTranspose1d,
  convTranspose2d,
  crossAttention,
  embedding,
  eqTensor,
  eqTree,
  flatten,
  freeze,
  groupNorm,
  gru,
  init,
  input,
  instanceNorm,
  key,
  layerNorm,
  linear,
  lstm,
  named,
  predict,
  prelu,
  relu,
  repeat,
  rnn,
  type Tensor,
  type Tree,
  toTypedArray,
  transformerDecoder,
  transformerEncoder,
  tree,
} from 'pullback'
import { fromStateDict, layouts, toStateDict } from 'pullback/interop'
import { decodeNpz } from 'pullback/numpy'
import t from 'tap'
import { channelsLast, cnn, distance, interopFile, mlp, tensorsOf } from '../support/interop.ts'

type Record = { readonly [name: string]: AnyTensor }
const nets: { readonly [name: string]: AnyLayer } = { cnn, mlp }
/** What lies under a name, without it. */
const under = (name: string, tensors: Record): Record =>
  Object.fromEntries(
    Object.entries(tensors).flatMap(([n, x]) => (n.startsWith(`${name}.`) ? [[n.slice(name.length + 1), x]] : [])),
  )
/** The variables, which must all be there. */
const whole = (layer: AnyLayer, tensors: Record, map?: Parameters<typeof fromStateDict>[2]) => {
  const found = fromStateDict(layer, tensors, map)
  if (found._tag !== 'Right') throw new Error(JSON.stringify(found.left, null, 2))
  return found.right
}
type Turn = (x: AnyTensor) => AnyTensor
const asIs: Turn = (x) => x

/** How far outputs are from PyTorch's, in float64 here. */
const miss = (
  layer: AnyLayer,
  variables: { params: unknown; state: unknown },
  x: Tree,
  y: AnyTensor,
  turn: Turn = channelsLast,
): number => {
  const double = (tree: never) => cast(tree, 'float64') as never
  const found = predict(
    layer,
    { params: double(variables.params as never), state: double(variables.state as never) },
    tree.map(x, (part) => (part.dtype === 'int32' ? part : (double(turn(part) as never) as AnyTensor))) as never,
  ) as Tensor
  return distance(toTypedArray(found), toTypedArray(turn(y)))
}

t.test('a network that PyTorch trained predicts the same here', async (t) => {
  const examples = tensorsOf('torch/examples.safetensors')
  for (const [name, net] of Object.entries(nets)) {
    const variables = whole(net, tensorsOf(`torch/${name}.safetensors`))
    const [x, y] = [channelsLast(examples[`${name}.x`] as AnyTensor), examples[`${name}.y`] as AnyTensor]
    const single = distance(toTypedArray(predict(net, variables, x) as Tensor), toTypedArray(y))
    t.ok(single < 1e-6, `${name}: ${single} off in float32`)
    t.ok(miss(net, variables, examples[`${name}.x`] as AnyTensor, y) < 1e-6, name)
    const back = toStateDict(net, variables, name === 'mlp' ? { fc1: '0', fc2: '2' } : {})
    const file = tensorsOf(`torch/${name}.safetensors`)
    t.same(Object.keys(back).sort(), Object.keys(file).sort(), 'names of its state')
    for (const [n, tensor] of Object.entries(back))
      if (!n.endsWith('num_batches_tracked')) t.ok(eqTensor.equals(tensor, file[n] as AnyTensor), n)
  }
})

t.test('weights of ours, which PyTorch loaded strictly, give its outputs', async (t) => {
  const npz = decodeNpz(interopFile('torch/ours.npz'))
  if (npz._tag === 'Left') throw npz.left
  const outputs = tensorsOf('torch/ours.safetensors')
  for (const [name, net] of Object.entries(nets)) {
    const variables = whole(net, under(name, npz.right))
    t.ok(miss(net, variables, outputs[`${name}.x`] as AnyTensor, outputs[`${name}.y`] as AnyTensor) < 1e-6, name)
  }
})

const layers: { readonly [name: string]: AnyLayer } = {
  linear: linear(3, 2),
  conv1d: conv1d(3, 4, { kernel: 3 }),
  conv2d: conv2d(4, 6, { kernel: [3, 2], groups: 2 }),
  convTranspose1d: convTranspose1d(3, 4, { kernel: 3 }),
  convTranspose2d: convTranspose2d(4, 6, { kernel: [3, 2], stride: 2, groups: 2 }),
  instanceNorm: instanceNorm(4, { affine: true }),
  batchNorm: batchNorm(3),
  layerNorm: layerNorm(5),
  layerNormImage: layerNorm([2, 4, 3]),
  groupNorm: groupNorm(2, 4),
  prelu: prelu({ channels: 3 }),
  flattened: compose(
    input([4, 3, 2]),
    named('0', conv2d(2, 3, { kernel: 2 })),
    flatten,
    named('2', batchNorm(18)),
    named('3', prelu({ channels: 18 })),
    named('4', linear(18, 2)),
  ),
  sequence: compose(input([5, 2]), named('0', conv1d(2, 3, { kernel: 2 })), flatten, named('2', linear(12, 2))),
}

/** Layers whose features are last in PyTorch too. */
const sequences: { readonly [name: string]: AnyLayer } = {
  rnn: rnn(3, 4),
  gru: gru(3, 4),
  lstm: lstm(3, 4),
  attention: attention(4, 2),
  embedding: embedding(7, 3) as unknown as AnyLayer,
}

t.test('every layer with variables has the names, the layouts and the numbers of PyTorch', async (t) => {
  const file = tensorsOf('torch/layers.safetensors')
  for (const [name, layer] of Object.entries({ ...layers, ...sequences })) {
    const tensors = under(name, file)
    const variables = whole(layer, tensors)
    const off = miss(
      layer,
      variables,
      file[`${name}:.x`] as AnyTensor,
      file[`${name}:.y`] as AnyTensor,
      name in sequences ? asIs : channelsLast,
    )
    t.ok(off < 1e-6, `${name}: ${off}`)
    const back = toStateDict(layer, variables)
    t.same(Object.keys(back).sort(), Object.keys(tensors).sort())
    for (const [n, tensor] of Object.entries(back))
      if (!n.endsWith('num_batches_tracked')) t.ok(eqTensor.equals(tensor, tensors[n] as AnyTensor), `${name}: ${n}`)
    t.ok(eqTree.equals(whole(layer, back).params as never, variables.params as never), `${name} comes back`)
  }
  const tried = new Set(Object.values({ ...layers, ...sequences }).map(({ kind }) => kind))
  const missing = layouts.filter(({ layer, variables }) => variables !== undefined && !tried.has(layer))
  t.same(
    missing.map(({ layer }) => layer),
    ['bilinear', 'syncBatchNorm', 'rmsNorm', 'learnedPosition', 'rnnCell', 'gruCell', 'lstmCell', 'crossAttention'],
    'PyTorch 1.13 has no RMSNorm; crossAttention is tried below; the others share names and layouts with those here',
  )
})

t.test('attention to another sequence and blocks of transformers, with masks of padding', async (t) => {
  const file = { ...tensorsOf('torch/layers.safetensors'), ...tensorsOf('torch/attention.safetensors') }
  const [masked, options] = [true, { hidden: 6, activation: relu, norm: 'post', drop: 0.1 }] as const
  const of: { readonly [name: string]: AnyLayer } = {
    cross: crossAttention(4, 2, { masked }),
    crossApart: crossAttention(4, 2, { masked, memory: 3 }),
    encoder: transformerEncoder(4, 2, options) as unknown as AnyLayer,
    decoder: transformerDecoder(4, 2, { ...options, masked }) as unknown as AnyLayer,
  }
  for (const [name, layer] of Object.entries(of)) {
    const tensors = under(name, file)
    const variables = whole(layer, tensors)
    t.ok(
      variables.assigned.every(({ by }) => by === 'name'),
      `${name}: by their names`,
    )
    const { x, memory, mask, y } = under(`${name}:`, file) as { readonly [part: string]: AnyTensor }
    const given = name === 'encoder' ? x : { input: x, memory, mask }
    const off = miss(layer, variables, given as Tree, y as AnyTensor, asIs)
    t.ok(off < 1e-6, `${name}: ${off}`)
    const back = toStateDict(layer, variables)
    t.same(Object.keys(back).sort(), Object.keys(tensors).sort(), `${name}: names`)
    for (const [n, tensor] of Object.entries(back)) t.ok(eqTensor.equals(tensor, tensors[n] as AnyTensor), n)
  }
})

t.test('blocks in a row, frozen or within others, have their names', async (t) => {
  const block = transformerDecoder(4, 2, { hidden: 6 }) as unknown as AnyLayer
  const names = (layer: AnyLayer): readonly string[] =>
    Object.keys(toStateDict(layer, init(layer, key(0)))).filter((name) => name.includes('in_proj_weight'))
  const both = ['self_attn.in_proj_weight', 'multihead_attn.in_proj_weight']
  t.same(names(block), both)
  t.same(names(freeze(block)), both)
  t.same(
    names(repeat(2, block)),
    ['0', '1'].flatMap((i) => both.map((name) => `${i}.${name}`)),
  )
  t.same(
    names(named('attention', block) as AnyLayer),
    both.map((name) => `attention.${name}`),
    'a name of its own',
  )
})

t.test('two layers of a recurrent network in both directions, by the names that they have there', async (t) => {
  const file = tensorsOf('torch/layers.safetensors')
  const layer = lstm(3, 4, { layers: 2, bidirectional: true }) as unknown as AnyLayer
  const tensors = under('both', file)
  const variables = whole(layer, tensors)
  t.ok(miss(layer, variables, file['both:.x'] as AnyTensor, file['both:.y'] as AnyTensor, asIs) < 1e-6)
  const back = toStateDict(layer, variables)
  t.same(Object.keys(back).sort(), Object.keys(tensors).sort())
  for (const [name, tensor] of Object.entries(back)) t.ok(eqTensor.equals(tensor, tensors[name] as AnyTensor), name)
})

t.test('the same of layers by hand, with a map', async (t) => {
  const file = tensorsOf('torch/layers.safetensors')
  const layer = compose(
    named(
      '0',
      bidirectional((direction) => lstm(3, 4, direction)),
    ),
    named(
      '1',
      bidirectional((direction) => lstm(8, 4, direction)),
    ),
  ) as unknown as AnyLayer
  const map = (name: string): string => {
    const [, number, direction, own = ''] = /^(\d)\.(\w+)\.(.*)_l0$/.exec(name) ?? []
    return `${own}_l${number}${direction === 'backward' ? '_reverse' : ''}`
  }
  const tensors = under('both', file)
  const variables = whole(layer, tensors, map)
  t.ok(miss(layer, variables, file['both:.x'] as AnyTensor, file['both:.y'] as AnyTensor, asIs) < 1e-6)
  t.same(Object.keys(toStateDict(layer, variables, map)).sort(), Object.keys(tensors).sort())
})

t.test('a convolution without biases, of one group for each channel', async (t) => {
  const file = tensorsOf('torch/layers.safetensors')
  const layer = conv2d(3, 6, { kernel: 2, groups: 3 })
  const found = fromStateDict(layer, under('depthwise', file))
  t.match(found, {
    _tag: 'Both',
    left: [{ _tag: 'Missing', path: 'params.b', message: "expected 'bias' [6], got nothing; zeros are taken" }],
  })
  if (found._tag !== 'Both') return
  t.ok(miss(layer, found.right, file['depthwise:.x'] as AnyTensor, file['depthwise:.y'] as AnyTensor) < 1e-6)
  t.same(Object.keys(toStateDict(layer, found.right, { bias: undefined })), ['weight'], 'and back without')
})
