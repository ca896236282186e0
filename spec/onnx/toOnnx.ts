// Layers as models: each layer of the library gives in onnxruntime what it gives here, and so it does when it is read
// again; what ONNX cannot say is named.
import {
  type AnyLayer,
  type AnyTensor,
  approxEqual,
  batchNorm,
  columns,
  compose,
  conv2d,
  layer as custom,
  each,
  elementwise,
  fanout,
  flatten,
  fromNested,
  init,
  initializer,
  isTensor,
  key,
  linear,
  named,
  op,
  predict,
  random,
  relu,
  rmsNorm,
  type Tensor,
  tanh,
  tree,
  type Variables,
  zeros,
} from 'pullback'
import { layouts } from 'pullback/interop'
import { fromOnnx, listOnnx, type ToOnnxOptions, toOnnx } from 'pullback/onnx'
import t from 'tap'
import { operators } from '../../lib/onnx/operator/table.ts'
import type { Message } from '../../lib/onnx/proto/fields.ts'
import { limitsIn } from '../../lib/onnx/proto/limits.ts'
import { readMessage } from '../../lib/onnx/proto/read.ts'
import { crossEntropy } from '../../lib/op/reduce/crossEntropy.ts'
import { exportedFrom } from '../support/exported.ts'
import { runModel, withoutRuntime } from '../support/onnx.ts'
import { batchOf, type Written } from '../support/onnxFurther.ts'
import { layers } from '../support/onnxLayers.ts'

/** An input as a model that is read takes it: a record without records. */
const flat = (x: unknown): unknown => {
  const parts = tree.entries(x as never)
  return parts[0]?.[0].length === 0 ? x : Object.fromEntries(parts.map(([path, t]) => [path.join('_'), t]))
}
/** Variables of a layer, with a state that is not the initial one. */
const variablesOf = (layer: AnyLayer): Variables<unknown, unknown> => {
  const { params, state } = init(layer, key(3))
  const moved = tree.map(
    state as never,
    (t: AnyTensor) => op.shift(op.abs(random.normal(key(5), t.shape) as Tensor), 0.5) as never,
  )
  return { params, state: moved }
}
const turned = (t: AnyTensor): AnyTensor => (t.shape.length === 4 ? (op.transpose(t, [0, 3, 1, 2]) as AnyTensor) : t)
const close = (a: AnyTensor, b: AnyTensor): boolean =>
  String(a.shape) === String(b.shape) &&
  approxEqual(op.cast(a, 'float64') as Tensor, op.cast(b, 'float64') as Tensor, { relative: 1e-5, absolute: 1e-5 })

t.test('as onnxruntime', { skip: withoutRuntime }, async (t) => {
  for (const [name, layer, example] of layers)
    await t.test(name, async (t) => {
      const variables = variablesOf(layer)
      const x = batchOf(example, 5)
      const options: ToOnnxOptions = { input: x as never }
      const bytes = toOnnx(layer, variables, options)
      const y = tree.leaves(predict(layer, variables, x as never) as never)
      const found = await runModel(bytes, tree.leaves(x as never).map(turned))
      t.equal(found.length, y.length)
      for (const [i, expected] of y.entries()) t.ok(close(turned(expected), found[i] as AnyTensor), `output ${i}`)
      const again = fromOnnx(bytes)
      if (again._tag === 'Left') throw again.left
      const read = predict(again.right.layer, again.right.variables, flat(x) as never) as unknown
      const z = isTensor(read) ? [read] : Object.values(read as object)
      for (const [i, expected] of y.entries()) t.ok(close(expected, z[i] as AnyTensor), `output ${i}, read again`)
    })
})

/** The examples of each layer of the catalogue. */
const examplesOf = (name: string): readonly Written[] => layers.filter(([shown]) => shown.split(/[, ]/)[0] === name)
const operatorsIn = (text: string): readonly string[] => text.match(/\b[A-Z][A-Za-z]+/g) ?? []

t.test('the column of ONNX in the table of layers is what is written and read', async (t) => {
  t.same(
    exportedFrom(/^nn\//).filter((name) => examplesOf(name).length === 0),
    [],
    'every layer is above',
  )
  for (const { layer: name, onnx } of layouts) {
    const files = examplesOf(name).map(
      ([, layer, example]) =>
        () =>
          toOnnx(layer, variablesOf(layer), { input: batchOf(example, 2) as never }),
    )
    t.ok(files.length > 0, `${name} has an example`)
    if (onnx === undefined) {
      for (const write of files) t.throws(write, /toOnnx/, `${name} is refused`)
      continue
    }
    const written = new Set(
      files.flatMap((write) => {
        const list = listOnnx(write())
        return list._tag === 'Right' ? Object.keys(list.right.operators) : []
      }),
    )
    const [first = ''] = onnx.split(';')
    t.same(
      operatorsIn(onnx).filter((op) => !operators.has(op)),
      [],
      `${name}: all are read`,
    )
    if (first.includes(' and '))
      t.ok(
        operatorsIn(first).every((op) => written.has(op)),
        `${name}: ${[...written]}`,
      )
    if (first.startsWith('none')) t.same([...written], ['Identity'], name)
  }
})

t.test('operators of other versions', { skip: withoutRuntime }, async (t) => {
  const some = [
    'a convolutional network',
    'layerNorm',
    'groupNorm',
    'rmsNorm',
    'gelu',
    'geluTanh',
    'mish',
    'softmax',
    'a custom layer',
  ]
  for (const opset of [13, 18, 20, 21, 22, 23])
    for (const [name, layer, example] of layers.filter(([name]) => some.includes(name))) {
      const variables = variablesOf(layer)
      const x = batchOf(example, 2)
      const [found] = await runModel(
        toOnnx(layer, variables, { opset, input: x as never }),
        tree.leaves(x as never).map(turned),
      )
      t.ok(close(turned(predict(layer, variables, x as never) as AnyTensor), found as AnyTensor), `${name}, ${opset}`)
    }
})

const messageOf = (layer: AnyLayer, options?: ToOnnxOptions): Message<'Model'> =>
  readMessage('Model', toOnnx(layer, variablesOf(layer), options), limitsIn('spec'))
const shapeOf = ({ type }: Message<'ValueInfo'>): readonly (number | string | undefined)[] =>
  (type?.tensorType?.shape?.dim ?? []).map(({ dimValue, dimParam }) => dimValue ?? dimParam)

t.test('what is in the file', async (t) => {
  const net = compose(named('c', conv2d(2, 3, { kernel: 3 })), named('n', batchNorm(3)), relu)
  const { irVersion, producerName, opsetImport, graph } = messageOf(net, { input: zeros([1, 6, 5, 2]) })
  const [opset] = opsetImport ?? []
  t.same([irVersion, producerName, opset?.domain, opset?.version], [8, 'pullback', '', 17])
  t.same(
    graph?.initializer?.map(({ name, dims }) => [name, dims]),
    [
      ['c.W', [3, 2, 3, 3]],
      ['c.b', [3]],
      ['n.scale', [3]],
      ['n.shift', [3]],
      ['n.mean', [3]],
      ['n.variance', [3]],
    ],
    'parameters under their names, kernels with the channels in front',
  )
  t.same(
    graph?.node?.map(({ opType }) => opType),
    ['Conv', 'BatchNormalization', 'Relu', 'Identity'],
    'nothing is turned between them',
  )
  const [input, output] = [graph?.input?.[0] ?? {}, graph?.output?.[0] ?? {}]
  t.same([input.name, shapeOf(input)], ['input', ['batch', 2, 6, 5]])
  t.same([output.name, shapeOf(output)], ['output', ['batch', 3, 4, 3]])
  const ours = messageOf(net, { input: zeros([1, 6, 5, 2]), images: 'NHWC' })
  t.same(shapeOf(ours.graph?.input?.[0] ?? {}), ['batch', 6, 5, 2])
  t.same(shapeOf(ours.graph?.output?.[0] ?? {}), ['batch', 4, 3, 3])
  t.same(
    [18, 19, 21, 22, 23].map((opset) => messageOf(linear(2, 1), { opset }).irVersion),
    [8, 9, 10, 10, 11],
  )
  t.same(
    messageOf(rmsNorm(4), { opset: 23, input: zeros([1, 4]) }).graph?.node?.map(({ opType }) => opType),
    ['RMSNormalization', 'Identity'],
  )
  const wide = init(linear(2, 1), key(0), { dtype: 'float64' })
  const { graph: doubles } = readMessage('Model', toOnnx(linear(2, 1), wide), limitsIn('spec'))
  t.same(
    doubles?.initializer?.map(({ dataType }) => dataType),
    [11, 11],
  )
  const { metadataProps } = messageOf(linear(2, 1), { metadata: { labels: 'no, yes' } })
  t.same(
    metadataProps?.map(({ key, value }) => [key, value]),
    [['labels', 'no, yes']],
  )
  t.throws(() => messageOf(linear(2, 1), { metadata: { labels: 2 as never } }), {
    message:
      'toOnnx at labels: expected strings as metadata, got 2; convert other values with JSON.stringify [wrong-argument]',
  })
})

t.test('records are inputs and outputs by name', async (t) => {
  const layer = each({ b: named('p', linear(3, 2)), a: fanout({ x: relu, input: tanh }) })
  const { graph } = messageOf(layer as AnyLayer, { input: { a: zeros([1, 2]), b: zeros([1, 3]) } })
  t.same(
    graph?.input?.map(({ name }) => name),
    ['a', 'b'],
  )
  t.same(
    graph?.output?.map(({ name }) => name),
    ['a.input', 'a.x', 'output.b'],
  )
  const forward = (_: unknown, x: Tensor) => ({ 'a.b': op.tanh(x), a: { b: op.relu(x) } })
  const twice = custom({ kind: 'halves', input: [2], params: {}, forward })
  t.throws(
    () => messageOf(twice),
    /toOnnx: expected each name once, got 'a.b' twice; give that input or output another name/,
  )
})

t.test('examples may be columns', { skip: withoutRuntime }, async (t) => {
  const layer = columns(compose(linear(3, 2), relu))
  const [variables, x] = [init(layer, key(0)), random.normal(key(1), [3, 4])]
  for (const options of [{}, { input: x }]) {
    const [y] = await runModel(toOnnx(layer, variables, options), [x])
    t.ok(close(y as AnyTensor, predict(layer, variables, x) as AnyTensor))
  }
})

t.test('indices are inputs too', { skip: withoutRuntime }, async (t) => {
  const embedding = custom({
    kind: 'embedding',
    input: [3],
    params: { E: { shape: [5, 2], draw: initializer.glorotNormal } },
    forward: ({ E }, x) => op.gather(E, x as never) as never,
  }) as unknown as AnyLayer
  const variables = { E: random.normal(key(0), [5, 2]) }
  const ids = fromNested(
    [
      [0, 4, 2],
      [1, 1, 3],
    ],
    'int32',
  )
  const [found] = await runModel(toOnnx(embedding, { params: variables, state: {} }, { input: ids }), [ids])
  t.ok(close(predict(embedding, { params: variables, state: {} }, ids as never) as AnyTensor, found as AnyTensor))
})

/** A kernel that is not written: the loss of each row, repeated along it. */
const rowLosses = (x: Tensor): Tensor => {
  const labels = op.argmax(x) as never
  return op.broadcast(op.reshape(crossEntropy(x as never, labels) as Tensor, [-1, 1]) as Tensor, x.shape) as Tensor
}

t.test('what ONNX cannot say is named', async (t) => {
  const sine = named('s', elementwise(Math.sin, Math.cos))
  const refused = (layer: AnyLayer, options?: ToOnnxOptions) => () =>
    toOnnx(layer, Object.keys(layer.params).length === 0 ? { params: {}, state: {} } : init(layer, key(0)), options)
  const own = (forward: (x: Tensor) => Tensor): AnyLayer =>
    custom({
      kind: 'own',
      input: [3],
      params: {},
      forward: (_, x) => forward(x as Tensor) as never,
    }) as unknown as AnyLayer
  t.throws(
    refused(sine, { input: zeros([1, 2]) }),
    /toOnnx: expected a layer made of operations, got one of which it reads the numbers of a tensor, at s; write it with op/,
  )
  const losses = own((x) => op.mul(rowLosses(x), rowLosses(op.neg(x))))
  t.throws(
    refused(named('l', losses)),
    /toOnnx: expected operations that ONNX has, got crossEntropy at l \(a kernel that ONNX does not have\), crossEntropy at l/,
  )
  const centered = own((x) => op.sub(x, op.broadcast(op.mean(x, 0), x.shape) as Tensor))
  t.throws(
    refused(named('m', centered)),
    /toOnnx.* expected a network that does the same to each example, got one that depends on the size of the batch/,
  )
  const summed = own((x) => op.sub(x, op.broadcast(op.sum(x, 0), x.shape) as Tensor))
  t.throws(refused(summed), /sum \(a sum over the examples of a batch\)/)
  t.throws(
    refused(relu),
    /toOnnx: expected a layer whose input has known sizes, got one of any size; give a minibatch as \{ input \}/,
  )
  t.throws(refused(conv2d(1, 1, { kernel: 1 })), /known sizes/)
  t.throws(refused(linear(2, 1), { opset: 12 }), /an opset from 13 to 23, got 12/)
  t.throws(refused(linear(2, 1), { images: 'HWC' as 'NHWC' }), /images 'NCHW' or 'NHWC', got 'HWC'/)
  t.throws(refused(linear(2, 1), { input: zeros([1, 3]) }), /toOnnx: expected \[batch, 2\], got \[1, 3\]/)
  t.throws(() => toOnnx(linear(2, 1), { params: {}, state: {} } as never), /parameters: expected the names W, b/)
})

t.test('a network that came from a file goes back', { skip: withoutRuntime }, async (t) => {
  const net = compose(named('c', conv2d(1, 2, { kernel: 2 })), relu, flatten, named('out', linear(8, 3)))
  const variables = init(net, key(1))
  const x = random.normal(key(2), [2, 3, 3, 1]) as AnyTensor
  const read = fromOnnx(toOnnx(net, variables, { input: x }))
  if (read._tag === 'Left') throw read.left
  const { layer, variables: found } = read.right
  const [y] = await runModel(toOnnx(layer, found as never), [turned(x)])
  t.ok(close(y as AnyTensor, predict(net, variables, x as never) as unknown as AnyTensor))
})
