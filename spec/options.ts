// An option that is not known is an error that lists those that are, wherever there are options; they are copied where they are given.
import * as pullback from 'pullback'
import {
  avgPool2d,
  conv2d,
  fromNested,
  init,
  initializer,
  item,
  key,
  layer,
  layerNorm,
  linear,
  nll,
  ones,
  op,
  predict,
  random,
  reshape,
  StructureError,
  softmaxCrossEntropy,
  summary,
  toArray,
  zeros,
} from 'pullback'
import { decodeNpy, decodeNpz, encodeNpz } from 'pullback/numpy'
import { fromOnnx, listOnnx, toOnnx } from 'pullback/onnx'
import t from 'tap'

type Callable = (...args: readonly unknown[]) => unknown
const initial = initializer as unknown as typeof js
const js = pullback as unknown as { readonly [name: string]: Callable & { readonly with: Callable } }
const operation = op as unknown as { readonly [name: string]: Callable }
const draw = random as unknown as { readonly [name: string]: Callable }
const of =
  (f: Callable | undefined, ...args: readonly unknown[]) =>
  (options: unknown): unknown =>
    (f as Callable)(...args, options)
const net = linear(3, 2)
const { params } = init(net, key(0))
const [x, image, sequence] = [zeros([2, 3]), zeros([1, 4, 4, 1]), zeros([1, 4, 1])]

/** What takes options, and the names of these. */
const takers: { readonly [name: string]: readonly [take: (options: unknown) => unknown, names: string] } = {
  dropout: [of(js.dropout), 'drop'],
  spatialDropout: [of(js.spatialDropout), 'drop'],
  alphaDropout: [of(js.alphaDropout), 'drop'],
  batchNorm: [of(js.batchNorm, 3), 'momentum, epsilon, affine, scale, shift'],
  layerNorm: [of(js.layerNorm, 3), 'epsilon, affine, scale, shift'],
  groupNorm: [of(js.groupNorm, 1, 3), 'epsilon, affine, scale, shift'],
  rmsNorm: [of(js.rmsNorm, 3), 'epsilon, affine, scale'],
  linear: [of(js.linear, 3, 2), 'W, b'],
  conv1d: [of(js.conv1d, 1, 1), 'kernel, stride, padding, dilation, groups, W, b'],
  conv2d: [of(js.conv2d, 1, 1), 'kernel, stride, padding, dilation, groups, W, b'],
  maxPool2d: [of(js.maxPool2d, 2), 'stride, padding, dilation'],
  avgPool2d: [of(js.avgPool2d, 2), 'stride, padding, dilation, countPadding'],
  prelu: [of(js.prelu), 'channels, a'],
  leakyRelu: [of(js.leakyRelu), 'slope'],
  elu: [of(js.elu), 'alpha'],
  softplus: [of(js.softplus), 'beta'],
  hardtanh: [of(js.hardtanh), 'min, max'],
  layer: [of(js.layer), 'kind, input, params, forward'],
  decodeNpz: [(options) => decodeNpz(new Uint8Array(0), options as object), 'names, limits'],
  encodeNpz: [(options) => encodeNpz({}, options as object), 'compress'],
  fromOnnx: [(options) => fromOnnx(new Uint8Array(0), options as object), 'images, outputs, external, limits'],
  listOnnx: [(options) => listOnnx(new Uint8Array(0), options as object), 'limits'],
  toOnnx: [(options) => toOnnx(net, init(net, key(0)), options as object), 'opset, images, input, metadata'],
  decodeSafetensors: [of(js.decodeSafetensors, new Uint8Array(0)), 'names, limits'],
  listSafetensors: [of(js.listSafetensors, new Uint8Array(0)), 'limits'],
  decodeNpy: [(options) => decodeNpy(new Uint8Array(0), options as object), 'limits'],
  freeze: [of(js.freeze?.with), 'mode'],
  init: [of(js.init, net, key(0)), 'dtype'],
  initWith: [of(js.initWith, net, key(0), {}), 'dtype'],
  normal: [of(initial.normal), 'mean, deviation'],
  truncatedNormal: [of(initial.truncatedNormal), 'mean, deviation, within'],
  gain: [of(initial.gain, 'leakyRelu'), 'slope'],
  orthogonal: [of(initial.orthogonal), 'gain'],
  sparse: [of(initial.sparse), 'sparsity, deviation'],
  varianceScaling: [of(initial.varianceScaling), 'gain, fan, distribution'],
  huber: [of(js.huber?.with), 'delta, outputs'],
  smoothL1: [of(js.smoothL1?.with), 'beta, outputs'],
  mae: [of(js.mae?.with), 'outputs'],
  nll: [of(js.nll?.with), 'weights, ignore'],
  softmaxCrossEntropy: [of(js.softmaxCrossEntropy?.with), 'smoothing, weights, ignore'],
  binaryCrossEntropy: [of(js.binaryCrossEntropy?.with), 'positive, outputs'],
  l1: [of(js.l1, 1), 'only'],
  l2: [of(js.l2, 1), 'only'],
  elastic: [of(js.elastic, 1), 'ratio, only'],
  'op.conv1d': [of(operation.conv1d, sequence, zeros([1, 1, 1]), zeros([1])), 'stride, padding, dilation, groups'],
  'op.conv2d': [of(operation.conv2d, image, zeros([1, 1, 1, 1]), zeros([1])), 'stride, padding, dilation, groups'],
  'op.maxPool2d': [of(operation.maxPool2d, image, 2), 'stride, padding, dilation'],
  'op.avgPool2d': [of(operation.avgPool2d, image, 2), 'stride, padding, dilation, countPadding'],
  'random.uniform': [of(draw.uniform, key(0), [2]), 'min, max, dtype'],
  'random.truncatedNormal': [of(draw.truncatedNormal, key(0), [2]), 'min, max, dtype'],
  approxEqual: [of(js.approxEqual, x, x), 'relative, absolute'],
  explain: [of(js.explain, net, init(net, key(0)), x), 'context, loss, target'],
  'gradCheck of a layer': [
    of(js.gradCheck, net, { params, input: x }),
    'tolerance, order, entries, directions, key, context',
  ],
  'gradCheck of a function': [of(js.gradCheck, op.tanh, x), 'tolerance, order, entries, directions, key'],
}

t.test('unknown options', async (t) => {
  for (const [name, [take, names]] of Object.entries(takers)) {
    const short = name.replace(/^(op|random)\.| .*$/g, '')
    t.throws(() => take({ strides: 2 }), { message: `${short}: expected options among ${names}, got 'strides'` }, name)
    for (const given of [null, 3, 'same', [2], () => 2])
      t.throws(() => take(given), StructureError, `${name} of ${String(given)}`)
  }
})

t.test('values of options', async (t) => {
  const wrong: readonly (readonly [() => unknown, RegExp])[] = [
    [() => js.dropout?.({ drop: '0.5' }), /dropout: expected a probability from 0 to 1, got '0.5'/],
    [() => draw.bernoulli?.(key(0), '0.5', [2]), /bernoulli: expected a probability from 0 to 1, got '0.5'/],
    [
      () => draw.bernoulli?.(key(0), 0.5, [2], { dtype: 'float64' }),
      /bernoulli: expected 'float32' or 'float64', got a record; give the name by itself/,
    ],
    [() => draw.normal?.(key(0), [2], { dtype: 'float64' }), /normal: expected 'float32' or 'float64', got a record/],
    [() => draw.uniform?.(key(0), [2], { dtype: 'int32' }), /uniform: expected 'float32' or 'float64', got 'int32'/],
    [() => draw.uniform?.(key(0), [2], { min: '0' }), /uniform: expected min ≤ max, got '0', 1/],
    [() => draw.truncatedNormal?.(key(0), [2], { max: '1' }), /truncatedNormal: expected min < max, got -2, '1'/],
    [() => js.batchNorm?.(3, { momentum: '0.1' }), /batchNorm: expected a momentum from 0 to 1, got '0.1'/],
    [() => js.layerNorm?.(3, { epsilon: '1' }), /layerNorm: expected an epsilon that is not negative, got '1'/],
    [() => js.layerNorm?.(3, { affine: 'no' }), /layerNorm: expected affine as true or false, got 'no'/],
    [() => js.linear?.(3, 2, { W: 0.5 }), /linear: expected an initializer for W.* got 0.5; constant\(0.5\) makes one/],
    [
      () => js.linear?.(3, 2, { b: ones([2]) }),
      /an initializer for b.* got a tensor \[2\]; pass .* to start as { variables }/,
    ],
    [() => js.conv2d?.(1, 1, { kernel: 3, W: 1 }), /conv2d: expected an initializer for W/],
    [() => js.batchNorm?.(3, { scale: 1 }), /batchNorm: expected an initializer for scale/],
    [() => js.prelu?.({ a: 0.25 }), /prelu: expected an initializer for a.* constant\(0.25\)/],
    [() => js.leakyRelu?.({ slope: '0.1' }), /leakyRelu: expected a finite slope, got '0.1'/],
    [() => js.softplus?.({ beta: '1' }), /softplus: expected a plain number, got '1'/],
    [() => js.hardtanh?.({ max: '2' }), /hardtanh: expected a plain number, got '2'/],
    [() => initial.gain?.('leakyRelu', { slope: '1' }), /gain: expected a finite slope, got '1'/],
    [() => initial.sparse?.({ sparsity: '1' }), /sparse: expected a sparsity from 0 to 1, got '1'/],
    [() => initial.normal?.({ deviation: '1' }), /normal: expected a deviation that is not negative, got '1'/],
    [() => initial.truncatedNormal?.({ within: '1' }), /truncatedNormal: expected a within above 0, got '1'/],
    [
      () => initial.varianceScaling?.({ fan: 'inn' }),
      /varianceScaling: expected a fan among in, out, average, got 'inn'/,
    ],
    [
      () => initial.varianceScaling?.({ distribution: 'unifrom' }),
      /a distribution among normal, uniform, got 'unifrom'/,
    ],
    [() => initial.varianceScaling?.({ gain: '2' }), /varianceScaling: expected a gain that is not negative, got '2'/],
    [() => js.huber?.with({ delta: '1' }), /huber: expected a delta above 0, got '1'/],
    [() => js.smoothL1?.with({ beta: '1' }), /smoothL1: expected a beta that is not negative, got '1'/],
    [() => js.binaryCrossEntropy?.with({ positive: ['2'] }), /expected weights that are not negative, got '2'/],
    [
      () => js.softmaxCrossEntropy?.with({ smoothing: '0' }),
      /softmaxCrossEntropy: expected a smoothing from 0 to 1, got '0'/,
    ],
    [
      () => js.nll?.with({ weights: ones([3]) }),
      /nll: expected weights as an array, a number for each class, got a tensor/,
    ],
    [() => js.l1?.('1'), /l1: expected a strength that is not negative, got '1'/],
    [() => js.l1?.(1, { only: 'W' }), /l1: expected only as a list of names.* got 'W'; give it as \['W'\]/],
    [
      () => js.adamw?.(1, { where: 'W' }),
      /addDecayedWeights: expected where as a list of names.* got 'W'; give it as \['W'\]/,
    ],
    [() => js.maxNorm?.(1, 'W'), /maxNorm: expected where as a list of names.* got 'W'/],
    [() => js.elastic?.(1, { ratio: '0.5' }), /elastic: expected a ratio from 0 to 1, got '0.5'/],
    [
      () => js.explain?.(net, init(net, key(0)), x, { loss: js.mae }),
      /explain: expected a loss and its target, or neither/,
    ],
    [
      () => js.gradCheck?.(net, { params, x }),
      /gradCheck: expected a place { params, input }.* got the names params, x/,
    ],
    [() => js.gradCheck?.(undefined, x), /gradCheck: expected a layer, a loss, or a function of a tree, got undefined/],
  ]
  for (const [run, message] of wrong) t.throws(run, message)
})

t.test('options, shapes and ports are copied', async (t) => {
  const [kernel, stride, weights, shape, port, sizes] = [[2, 2], [1, 1], [1, 3], [2, 2], { a: [3] }, [2]]
  const convolved = conv2d(1, 1, { kernel: kernel as never, stride: stride as never })
  const pooled = avgPool2d(kernel as never, { stride: stride as never })
  const loss = nll.with({ weights })
  const [target, output] = [
    fromNested([0, 1], 'int32'),
    fromNested([
      [-1, -2],
      [-3, -4],
    ]),
  ]
  const reshaped = reshape(shape)
  const given = js.input?.(port) as typeof net
  const leaf = { shape: sizes, draw: initializer.heNormal }
  const own = layer({
    kind: 'own',
    input: sizes,
    params: { W: { shape: [2, 2], draw: initializer.heNormal }, c: { ...leaf, draw: initializer.zeros } },
    forward: (_, v) => v,
  })
  const normed = layerNorm(sizes)
  const penalty = pullback.l1(1, { only: sizes.map(() => 'b') })
  const [before, penalized] = [item(loss(target)(output)[0]), item(penalty({ b: ones([2]) }))]
  for (const list of [kernel, stride, weights, shape, sizes, port.a]) list.push(7)
  kernel[0] = 9
  stride[0] = 9
  weights[0] = 9
  t.same(predict(convolved, init(convolved, key(0)), zeros([1, 3, 3, 1])).shape, [1, 2, 2, 1])
  t.same(predict(pooled, init(pooled, key(0)), zeros([1, 3, 3, 1])).shape, [1, 2, 2, 1])
  t.equal(item(loss(target)(output)[0]), before)
  t.equal(item(penalty({ b: ones([2]) })), penalized)
  t.same(predict(reshaped, init(reshaped, key(0)), zeros([3, 4])).shape, [3, 2, 2])
  t.same(given.input, { a: [3] })
  t.same([own.input, own.params.c.shape], [[2], [2]])
  t.same(init(normed, key(0)).params.scale.shape, [2])
  t.throws(() => (given.input as unknown as { a: number[] }).a.push(1), TypeError, 'and frozen')
  t.match(summary(own), 'own')
})

t.test('a run keeps its own copy of a key', async (t) => {
  const seed: [number, number] = [0, 1]
  const run = pullback.start(net, pullback.sgd(0.1), seed)
  seed[1] = 2
  t.same(run.key, [0, 1])
})

t.test('losses describe their target', async (t) => {
  const [scores, hot] = [
    fromNested([
      [1, 2, 3],
      [1, 1, 1],
    ]),
    fromNested([
      [0, 1, 0],
      [0, 0, 1],
    ]),
  ]
  const labels = fromNested([1, 2], 'int32')
  const first = /the target comes first, and the output after it: softmaxCrossEntropy\(target\)\(output\)/
  const loss = softmaxCrossEntropy as unknown as { readonly [name: string]: Callable } & Callable
  for (const form of [loss, loss.mean, loss.sum, loss.none] as readonly Callable[]) {
    t.throws(() => form(scores, labels), first)
    t.throws(() => (form(scores) as Callable)(labels), first)
  }
  const of = (name: string, target: unknown, output: unknown) => () =>
    ((js[name] as Callable)(target) as Callable)(output)
  t.throws(of('softmaxCrossEntropy', hot, scores), {
    message:
      'softmaxCrossEntropy: expected labels [batch], the number of the class of each example, got [2, 3]; categoricalCrossEntropy takes one-hot rows, on outputs of softmax',
  })
  t.throws(
    of('nll', op.cast(hot, 'int32'), scores),
    /nll: expected labels .* categoricalCrossEntropy takes one-hot rows/,
  )
  t.throws(of('softmaxCrossEntropy', fromNested([[1], [2]], 'int32'), scores), /op.reshape removes the last axis/)
  t.throws(of('softmaxCrossEntropy', labels, fromNested([1, 2])), /binaryCrossEntropy takes one score for each example/)
  t.throws(
    of('categoricalCrossEntropy', labels, scores),
    /softmaxCrossEntropy takes labels of classes; oneHot makes rows/,
  )
  t.throws(of('categoricalCrossEntropy', hot, scores), /end the network with softmax, or use a loss on scores/)
  t.throws(of('mae', fromNested([1, 2]), fromNested([[1], [2]])), /nothing is broadcast: use op.reshape/)
  t.throws(
    () => js.mae?.(scores, scores),
    /mae: expected the target alone, got 2 arguments; .* mae\(target\)\(output\)/,
  )
  t.throws(of('mae', scores, undefined), /mae, output: expected a tensor, got undefined/)
  t.throws(of('mae', [1, 2], fromNested([1, 2])), /mae: expected a tensor, got an array; fromNested makes one/)
  t.throws(() => js.defineLoss?.('mine'), /defineLoss: expected a name, and a function .*, got 'mine' and undefined/)
  t.same(toArray(softmaxCrossEntropy.none(labels)(scores)[0]).length, 2)
})
