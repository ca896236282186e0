// A model as a layer: its ports, its parameters by name, a frozen trunk with a new head, what several inputs are.
import {
  type AnyTensor,
  approxEqual,
  compose,
  freeze,
  fromArray,
  fromNested,
  gradCheck,
  init,
  key,
  linear,
  named,
  op,
  predict,
  sgd,
  softmaxCrossEntropy,
  start,
  type Tensor,
  toArray,
  toNested,
  trainStep,
  zeros,
} from 'pullback'
import { type FromOnnxOptions, fromOnnx, listOnnx, type OnnxModel } from 'pullback/onnx'
import t from 'tap'
import { writeMessage } from '../../lib/onnx/proto/write.ts'
import { model, modelMessage, node, numbers, port, runModel, tensorMessage, withoutRuntime } from '../support/onnx.ts'

const read = (bytes: Uint8Array, options?: FromOnnxOptions): OnnxModel => {
  const found = fromOnnx(bytes, options)
  if (found._tag === 'Left') throw found.left
  return found.right
}
const run = ({ layer, variables }: OnnxModel, x: unknown): AnyTensor =>
  predict(layer, variables, x as never) as AnyTensor
const refusal = (bytes: Uint8Array): string => {
  const found = fromOnnx(bytes)
  return found._tag === 'Left' ? found.left.message : 'read'
}
const ints = (...list: number[]): AnyTensor => fromArray(list, [list.length], 'int32')

const tensors = {
  'body.0.weight': numbers([4, 2, 3, 3]),
  'body.0.bias': numbers([4], 2),
  'body.1.weight': numbers([4], 3),
  'body.1.bias': numbers([4], 4),
  'body.1.running_mean': numbers([4], 5),
  'body.1.running_var': op.shift(op.abs(numbers([4], 6) as Tensor), 0.5) as AnyTensor,
  'head.weight': numbers([3, 24], 7),
  'head.bias': numbers([3], 8),
}
/** A convolutional network, as PyTorch exports it. */
const network = model({
  nodes: [
    node('Conv', 'x body.0.weight body.0.bias', 'c', {
      pads: [1, 1, 1, 1],
      kernel_shape: [3, 3],
      strides: [1, 1],
      dilations: [1, 1],
      group: 1,
    }),
    node('BatchNormalization', 'c body.1.weight body.1.bias body.1.running_mean body.1.running_var', 'n', {
      epsilon: { float: 1e-5 },
      momentum: { float: 0.9 },
    }),
    node('Relu', 'n', 'r'),
    node('MaxPool', 'r', 'p', { kernel_shape: [2, 2], strides: [2, 2] }),
    node('Flatten', 'p', 'f', { axis: 1 }),
    node('Gemm', 'f head.weight head.bias', 'y', { alpha: { float: 1 }, beta: { float: 1 }, transB: 1 }),
  ],
  inputs: [port('x', ['batch', 2, 4, 6])],
  outputs: [port('y', ['batch', 3])],
  tensors,
})
const images = numbers([5, 2, 4, 6], 9)
const last = op.transpose(images, [0, 2, 3, 1])

t.test('a convolutional network takes images as our layers do, and flattens in the order of the file', async (t) => {
  const found = read(network)
  t.same(found.layer.input, [4, 6, 2])
  t.same(found.inputs, [{ name: 'x', shape: [-1, 2, 4, 6], type: 'float' }])
  t.same(found.outputs, [{ name: 'y', shape: [-1, 3], type: 'float' }])
  t.equal(found.opset, 17)
  const { params, state } = found.variables as unknown as Record<
    'params' | 'state',
    Record<string, Record<string, Record<string, AnyTensor>>>
  >
  t.same(params.body?.['0']?.weight?.shape, [4, 3, 3, 2], 'kernels as those of conv2d')
  t.same(toArray(state.body?.['1']?.running_mean as AnyTensor), toArray(tensors['body.1.running_mean']))
  const y = run(found, last)
  t.same(toArray(y), toArray(run(read(network, { images: 'NCHW' }), images)), 'the same with the axes of the file')
  if (withoutRuntime === false) {
    const [expected] = await runModel(network, [images])
    t.ok(approxEqual(y as Tensor, expected as Tensor, { relative: 1e-5, absolute: 1e-5 }))
  }
})

t.test('parameters of a file have gradients', async (t) => {
  const { layer, variables } = read(
    model({
      nodes: [
        node('Conv', 'x W', 'c'),
        node('BatchNormalization', 'c s b m v', 'n'),
        node('Softplus', 'n', 'r'),
        node('GlobalAveragePool', 'r', 'p'),
        node('Flatten', 'p', 'f'),
        node('Gemm', 'f V u', 'y', { transB: 1 }),
      ],
      inputs: [port('x', ['n', 1, 2, 2])],
      outputs: [port('y', undefined)],
      tensors: {
        W: numbers([2, 1, 2, 1]),
        s: numbers([2], 2),
        b: numbers([2], 3),
        m: numbers([2], 4),
        v: fromNested([1, 2]),
        V: numbers([1, 2], 5),
        u: numbers([1], 6),
      },
    }),
  )
  const report = gradCheck(layer, { ...variables, input: numbers([1, 2, 2, 1], 9) as Tensor })
  t.ok(report.pass, JSON.stringify(report))
})

t.test('so have those of newer operators, at zeros too', async (t) => {
  const { layer, variables } = read(
    model({
      opset: 23,
      nodes: [
        node('Asinh', 'x', 'a'),
        node('RMSNormalization', 'a s', 'r'),
        node('Attention', 'r k v m', 'y', { is_causal: 1, q_num_heads: 2, kv_num_heads: 1 }),
      ],
      inputs: [port('x', ['n', 2, 4])],
      outputs: [port('y', undefined)],
      tensors: { s: numbers([4], 2), k: numbers([1, 3, 2], 3), v: numbers([1, 3, 2], 4), m: numbers([2, 3], 5) },
    }),
  )
  const report = gradCheck(layer, {
    ...variables,
    input: fromNested([
      [
        [0, 1, -2, 0.5],
        [0, 0, 3, -0.1],
      ],
    ]) as Tensor,
  })
  t.ok(report.pass, JSON.stringify(report))
})

t.test('a frozen trunk with a new head is trained', async (t) => {
  const found = read(network)
  const trunk = freeze(found.layer, 'body', 'head')
  const layer = compose(named('trunk', trunk), named('new', linear(3, 2)))
  const optimizer = sgd(0.02)
  const begun = start(layer, optimizer, key(2))
  t.same(
    toArray((begun.state.trunk.frozen as { head: { bias: AnyTensor } }).head.bias),
    toArray(tensors['head.bias']),
    'init gives what the file holds',
  )
  const step = trainStep(layer, softmaxCrossEntropy, optimizer)
  const item = { input: last as Tensor, target: fromNested([0, 1, 0, 1, 1], 'int32') }
  const [after, before] = step(begun, item)
  const [, later] = step(after, item)
  t.ok(later.loss < before.loss)
})

t.test('an empty minibatch gives an empty one, so that init checks sizes', async (t) => {
  const found = read(network)
  t.same(run(found, zeros([0, 4, 6, 2])).shape, [0, 3])
  t.doesNotThrow(() => init(compose(found.layer, linear(3, 2)), key(0)))
  t.throws(() => init(compose(found.layer, linear(4, 2)), key(0)), /linear: expected \[batch, 4\], got \[0, 3\]/)
  t.throws(() => run(found, zeros([1, 2, 4, 6])), /onnx: expected \[batch, 4, 6, 2\], got \[1, 2, 4, 6\]/)
  t.same(
    toArray((init(found.layer, key(0)).params as never as { head: { bias: AnyTensor } }).head.bias),
    toArray(tensors['head.bias']),
    'init gives what the file holds',
  )
})

t.test('a file for one size of the batch says so', async (t) => {
  const found = read(
    model({ nodes: [node('Relu', 'x', 'y')], inputs: [port('x', [2, 3])], outputs: [port('y', [2, 3])] }),
  )
  t.same(run(found, zeros([2, 3])).shape, [2, 3])
  t.same(run(found, zeros([0, 3])).shape, [0, 3])
  t.throws(() => run(found, zeros([3, 3])), /a batch of 2 for 'x', for which the file is made, got \[3, 3\]; export it/)
})

t.test('several inputs and outputs are records by name', async (t) => {
  const found = read(
    model({
      nodes: [node('Gather', 'E ids', 'e'), node('Add', 'e a.b', 'y'), node('ArgMax', 'y', 'best', { axis: 1 })],
      inputs: [port('ids', ['n'], 7), port('a.b', ['n', 2])],
      outputs: [port('y', ['n', 2]), port('best', ['n', 1], 7)],
      tensors: { E: numbers([3, 2]) },
    }),
  )
  t.same(found.layer.input, { ids: [], a_b: [2] })
  const x = { ids: ints(2, 0), a_b: zeros([2, 2]) }
  const y = predict(found.layer, found.variables, x as never) as unknown as { y: AnyTensor; best: AnyTensor }
  t.same(toNested(y.y), toNested(op.gather(numbers([3, 2]) as Tensor, ints(2, 0) as never)))
  t.same([y.best.dtype, y.best.shape], ['int32', [2, 1]])
  t.throws(
    () => predict(found.layer, found.variables, { ids: zeros([2]), a_b: zeros([2, 2]) } as never),
    /expected int32 for 'ids', got float32/,
  )
})

t.test('names of a file are data', async (t) => {
  const names = ['__proto__', 'constructor', 'then', 'a', 'a.b', '.', '0', 'a_b', 'x..y']
  const nodes = names.map((name, i) => node('Add', `v${i} ${name}`, `v${i + 1}`))
  const found = read(
    model({
      nodes,
      inputs: [port('v0', ['n', 2])],
      outputs: [port(`v${names.length}`, undefined)],
      tensors: Object.fromEntries(names.map((name, i) => [name, fromNested([i, 1])])),
    }),
  )
  const keys = Object.keys(found.variables.params)
  t.equal(keys.length, names.length)
  t.ok(keys.includes('__proto__') && Object.getPrototypeOf(found.variables.params) === Object.prototype)
  t.same(toNested(run(found, zeros([1, 2]))), [[36, 9]])
})

t.test('initializers of every format, raw or not', async (t) => {
  const f16 = { name: 'b', dims: [2], dataType: 10, int32Data: [0x3c00, 0xc000] }
  const forms = [
    tensorMessage('b', fromNested([1, -2])),
    { name: 'b', dims: [2], dataType: 1, floatData: [1, -2] },
    f16,
    { ...f16, int32Data: [], rawData: Uint8Array.of(0, 0x3c, 0, 0xc0) },
    { ...f16, dataType: 16, int32Data: [0x3f80, 0xc000] },
  ]
  for (const form of forms) {
    const made = modelMessage({
      nodes: [node('Add', 'x b', 'y')],
      inputs: [port('x', ['n', 2])],
      outputs: [port('y', undefined)],
    })
    const found = read(writeMessage('Model', { ...made, graph: { ...made.graph, initializer: [form] } }))
    t.same(toNested(run(found, zeros([1, 2]))), [[1, -2]], `${form.dataType}`)
  }
  const wide = read(
    model({
      nodes: [node('Add', 'x b', 'y')],
      inputs: [port('x', ['n', 1], 11)],
      outputs: [port('y', undefined, 11)],
      tensors: { b: fromNested([0.1], 'float64') },
    }),
  )
  t.same(toNested(run(wide, zeros([1, 1], 'float64'))), [[0.1]])
  t.same(run(wide, zeros([0, 1])).dtype, 'float64')
})

t.test('what other readers got wrong', async (t) => {
  const shaped = (x: readonly (number | string)[], s: readonly number[], more: object = {}, opset = 17) =>
    read(
      model({
        opset,
        nodes: [node('Reshape', 'x s', 'y', more as never)],
        inputs: [port('x', x)],
        outputs: [port('y', undefined)],
        tensors: { s: ints(...s) },
      }),
      { images: 'NCHW' },
    )
  // onnxruntime 15203, candle 3908: −1 beside sizes that are copied
  t.same(run(shaped(['n', 2, 3, 2], [-1, 0, 0]), numbers([2, 2, 3, 2])).shape, [4, 2, 3])
  t.same(run(shaped(['n', 2, 3, 2], [0, -1, 0]), numbers([2, 2, 3, 2])).shape, [2, 4, 3])
  t.throws(() => run(shaped(['n', 6], [-1, -1]), numbers([2, 6])), /one size that is left open|shape/)
  t.throws(() => run(shaped(['n', 6], [-2, -3]), numbers([2, 6])), /whole sizes that are not negative/)
  // tvm 20151: constants are reshaped by the rules of ONNX too, and allowzero is read
  const folded = read(
    model({
      nodes: [node('Reshape', 'c s', 'd'), node('Reshape', 'x d', 'y')],
      inputs: [port('x', ['n', 12])],
      outputs: [port('y', undefined)],
      tensors: { c: ints(-1, 4), s: ints(0) },
    }),
  )
  t.same(run(folded, numbers([2, 12])).shape, [6, 4])
  t.same(run(shaped(['n', 0], [0, 2], { allowzero: 1 }), zeros([2, 0])).shape, [0, 2])
  // onnx-tensorrt 363: kernels that the graph itself turns, as TensorFlow's exporters write them
  const turned = model({
    nodes: [node('Transpose', 'k', 'W', { perm: [3, 2, 0, 1] }), node('Conv', 'x W', 'y')],
    inputs: [port('x', ['n', 2, 3, 3])],
    outputs: [port('y', undefined)],
    tensors: { k: numbers([2, 2, 2, 3]) },
  })
  const kernels = op.transpose(numbers([2, 2, 2, 3]), [3, 0, 1, 2]) as Tensor
  const x = numbers([1, 3, 3, 2])
  t.same(
    toArray(run(read(turned), x)),
    toArray(op.conv2d(x as never, kernels as never, zeros([3]) as never) as AnyTensor),
  )
  // ONNX of version 3 of the format lists initializers among the inputs
  const old = modelMessage({
    opset: 8,
    nodes: [node('Add', 'x b', 'y')],
    inputs: [port('b', [2]), port('x', ['n', 2])],
    outputs: [port('y', undefined)],
    tensors: { b: fromNested([1, 2]) },
  })
  t.same(read(writeMessage('Model', { ...old, irVersion: 3 })).layer.input, [2])
  // onnx 6180: a kernel without axes; onnxruntime 27721: weights that do not fit
  const wrong = (op: string, W: AnyTensor, rank: number) =>
    read(
      model({
        nodes: [node(op, 'x W', 'y')],
        inputs: [port('x', ['n', 2, 3, 3].slice(0, rank))],
        outputs: [port('y', undefined)],
        tensors: { W },
      }),
    )
  t.throws(() => run(wrong('Conv', numbers([4]), 4), zeros([1, 3, 3, 2])), /Conv at y: expected kernels/)
  t.throws(
    () => run(wrong('Conv', numbers([4, 3, 1, 1]), 4), zeros([1, 3, 3, 2])),
    /Conv at y: expected kernels \[out, in \/ 1, …\]/,
  )
  t.throws(() => run(wrong('Gemm', numbers([3, 2]), 2), zeros([1, 2])), /matmul at y: expected inner sizes that agree/)
  t.match(
    refusal(
      model({
        nodes: [node('AveragePool', 'x', 'y')],
        inputs: [port('x', ['n', 1, 2, 2])],
        outputs: [port('y', undefined)],
      }),
    ),
    /no kernel_shape/,
  )
})

t.test('numbers with which the arithmetic of sizes is done are no parameters', async (t) => {
  const found = read(
    model({
      nodes: [
        node('Shape', 'x', 's'),
        node('Cast', 's', 'f', { to: 1 }),
        node('Mul', 'f half', 'h'),
        node('Cast', 'h', 'k', { to: 7 }),
        node('Reshape', 'x k', 'y'),
        node('Clip', 'y lo', 'z'),
        node('Mul', 'z two', 'w'),
      ],
      inputs: [port('x', ['n', 4])],
      outputs: [port('w', undefined)],
      tensors: { half: fromNested([0.5, 2]), lo: fromArray([0], [], 'float32'), two: fromArray([2], [], 'float32') },
    }),
  )
  t.same(found.variables.params, {})
  t.same(run(found, zeros([2, 4])).shape, [1, 8])
})

t.test('a model that cannot be read can be listed', async (t) => {
  const branching = model({
    nodes: [node('Gemm', 'x W', 'h'), node('If', 'h', 'y'), { ...node('Relu', 'x', 'z'), domain: 'mine' }],
    inputs: [port('x', ['n', 3]), port('W', [3, 2])],
    outputs: [port('y', undefined), port('z', [2, 'm'])],
    tensors: { W: numbers([3, 2]) },
  })
  t.match(refusal(branching), /If of 'y' in opset 17, mine\.Relu of 'z' in opset 17/)
  const found = listOnnx(branching)
  if (found._tag === 'Left') throw found.left
  t.same(found.right.tensors, [{ name: 'W', dtype: 'float', shape: [3, 2] }])
  t.same(found.right.inputs, [{ name: 'x', shape: [-1, 3], type: 'float' }])
  t.same(found.right.outputs, [
    { name: 'y', shape: undefined, type: 'float' },
    { name: 'z', shape: [2, -1], type: 'float' },
  ])
  t.same(found.right.operators, { Gemm: 1, If: 1, 'mine.Relu': 1 })
  t.same(found.right.opsets, { 'ai.onnx': 17 })
  t.equal(listOnnx(Uint8Array.of(1))._tag, 'Left')
})
