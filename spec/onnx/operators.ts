// Every operator that is read, in the versions that differ, gives what onnxruntime gives; and its gradient is right.
import {
  type AnyTensor,
  approxEqual,
  fromArray,
  fromNested,
  op,
  predict,
  type Shape,
  type Tensor,
  toNested,
} from 'pullback'
import { fromOnnx, type OnnxModel } from 'pullback/onnx'
import t from 'tap'
import { operators } from '../../lib/onnx/operator/table.ts'
import type { Message } from '../../lib/onnx/proto/fields.ts'
import { model, node, numbers, port, runModel, withoutRuntime } from '../support/onnx.ts'

type Nodes = Message<'Node'> | readonly Message<'Node'>[]

interface Case {
  /** What the case shows. */
  readonly of: string
  readonly nodes: Nodes
  /** The shape of the input `x`, the batch first. */
  readonly x?: Shape
  /** Its numbers, if not any. */
  readonly input?: AnyTensor
  readonly tensors?: { readonly [name: string]: AnyTensor }
  readonly opset?: number
  /** True if the input is made of indices. */
  readonly isLong?: boolean
}

const ints = (...list: readonly number[]): AnyTensor => fromArray(list, [list.length], 'int32')
const scalar = (x: number): AnyTensor => fromArray([x], [], 'float32')
const positive = (t: AnyTensor): AnyTensor => op.shift(op.abs(t as Tensor), 0.5) as AnyTensor
const image: Shape = [2, 3, 5, 4]
const C = { scale: numbers([3], 2), shift: numbers([3], 3), mean: numbers([3], 4), variance: positive(numbers([3], 5)) }

const each = (names: string, given: Partial<Case> = {}): readonly Case[] =>
  names.split(' ').map((name) => ({ of: name, nodes: node(name, 'x', 'y'), x: [2, 3, 2], ...given }))
const pairs = (names: string, given: Partial<Case> = {}): readonly Case[] =>
  names.split(' ').map((name) => ({
    of: `${name} of tensors that repeat`,
    nodes: node(name, 'x b', 'y'),
    x: [2, 3, 4],
    tensors: { b: numbers([3, 1], 7) },
    ...given,
  }))
const compared = (name: string): readonly Case[] => [
  {
    of: name,
    nodes: [node(name, 'x b', 'c'), node('Cast', 'c', 'y', { to: 1 })],
    x: [3, 2],
    tensors: { b: fromNested([0.5, -0.5]) },
  },
]
const reductions =
  'ReduceSum ReduceMean ReduceMax ReduceMin ReduceL1 ReduceL2 ReduceSumSquare ReduceProd ReduceLogSumExp'.split(' ')

const special = (name: string, attributes: object, opset: number): readonly Case[] => [
  {
    of: `${name} ${JSON.stringify(attributes)} of version ${opset}`,
    nodes: [node(name, 'x', 'c', attributes as never), node('Cast', 'c', 'y', { to: 1 })],
    input: fromNested([
      [1, Number.NaN, Infinity],
      [-Infinity, 0, 3.4e38],
    ]),
    opset,
  },
]
const heads = (q: Shape, k: Shape, attributes = {}, more: Partial<Case> = {}): Partial<Case> & Pick<Case, 'nodes'> => ({
  nodes: node('Attention', more.tensors?.m === undefined ? 'x k v' : 'x k v m', 'y', attributes),
  x: q,
  opset: 23,
  ...more,
  tensors: { k: numbers(k, 2), v: numbers(k, 3), ...more.tensors },
})
const four: readonly [Shape, Shape] = [
  [2, 4, 3, 6],
  [2, 4, 5, 6],
]
const three: readonly [Shape, Shape] = [
  [2, 3, 24],
  [2, 5, 24],
]
const attentions: readonly Case[] = [
  { of: 'Attention of heads', ...heads(...four) },
  { of: 'Attention, causal', ...heads(...four, { is_causal: 1 }) },
  { of: 'Attention, causal, with more queries than keys', ...heads(four[1], four[0], { is_causal: 1 }) },
  { of: 'Attention with a scale', ...heads(...four, { scale: { float: 0.2 }, softmax_precision: 1 }) },
  { of: 'Attention of shared heads', ...heads([2, 4, 3, 6], [2, 2, 5, 6]) },
  { of: 'Attention of flat heads', ...heads(...three, { q_num_heads: 4, kv_num_heads: 4, is_causal: 1 }) },
  { of: 'Attention of flat shared heads', ...heads([2, 3, 24], [2, 5, 12], { q_num_heads: 4, kv_num_heads: 2 }) },
  { of: 'Attention with numbers added', ...heads(...four, {}, { tensors: { m: numbers([3, 5], 4) } }) },
  {
    of: 'Attention with numbers added to each head, causal, version 24',
    ...heads(...four, { is_causal: 1 }, { tensors: { m: numbers([2, 4, 3, 5], 4) }, opset: 24 }),
  },
  ...[{}, { is_causal: 1 }].map((attributes) => ({
    of: `Attention with truth values ${JSON.stringify(attributes)}`,
    ...heads(...four, attributes),
    nodes: [node('Greater', 'm zero', 'b'), node('Attention', 'x k v b', 'y', attributes)],
    tensors: {
      k: numbers(four[1], 2),
      v: numbers(four[1], 3),
      zero: scalar(-0.5),
      m: fromNested([
        [1, 0, -1, 2, 1],
        [0, 1, 1, -1, 1],
        [-1, -1, -1, -1, -1],
      ]),
    },
  })),
]

const cases: readonly Case[] = [
  ...each(
    'Abs Neg Exp Erf Relu Sigmoid Tanh Softsign Softplus LeakyRelu Elu Selu Floor Ceil Round Sign Sin Cos Tan Sinh Cosh Asinh Celu ThresholdedRelu HardSigmoid HardSwish Identity Dropout',
  ),
  ...each('Log Sqrt Reciprocal', { input: positive(numbers([2, 3])) }),
  ...[9, 17, 22].flatMap((opset) => [
    ...each('Acosh', { opset, input: op.shift(positive(numbers([2, 3])) as Tensor, 0.5) as AnyTensor }),
    ...each('Atanh', { opset, input: op.scale(numbers([2, 3, 4]) as Tensor, 0.49) as AnyTensor }),
    ...each('Asinh', { opset, input: fromNested([-1e4, -3, -0.5, -1e-6, 0, 1e-6, 0.5, 3, 1e4]) }),
  ]),
  ...[13, 17, 20].flatMap((opset) => [
    ...special('IsNaN', {}, opset),
    ...special('IsInf', {}, opset),
    ...special('IsInf', { detect_negative: 0 }, opset),
    ...special('IsInf', { detect_positive: 0 }, opset),
  ]),
  ...each('Mish', { opset: 18 }),
  ...each('Swish', { opset: 24 }),
  { of: 'Swish with alpha', nodes: node('Swish', 'x', 'y', { alpha: { float: 0.5 } }), x: [2, 3], opset: 24 },
  ...each('Gelu', { opset: 20 }),
  { of: 'Gelu by tanh', nodes: node('Gelu', 'x', 'y', { approximate: 'tanh' }), x: [2, 3], opset: 20 },
  { of: 'LeakyRelu with alpha', nodes: node('LeakyRelu', 'x', 'y', { alpha: { float: 0.3 } }), x: [2, 3] },
  { of: 'Elu with alpha', nodes: node('Elu', 'x', 'y', { alpha: { float: 0.7 } }), x: [2, 3] },
  { of: 'Selu with numbers', nodes: node('Selu', 'x', 'y', { alpha: { float: 1.5 }, gamma: { float: 2 } }), x: [2, 3] },
  {
    of: 'HardSigmoid with numbers',
    nodes: node('HardSigmoid', 'x', 'y', { alpha: { float: 0.3 }, beta: { float: 0.4 } }),
    x: [2, 3],
  },
  { of: 'PRelu by channel', nodes: node('PRelu', 'x a', 'y'), x: image, tensors: { a: numbers([3, 1, 1]) } },
  { of: 'Clip by inputs', nodes: node('Clip', 'x a b', 'y'), x: [2, 3], tensors: { a: scalar(-0.5), b: scalar(1) } },
  { of: 'Clip from below', nodes: node('Clip', 'x a', 'y'), x: [2, 3], tensors: { a: scalar(-0.5) } },
  { of: 'Clip from above', nodes: node('Clip', 'x _ b', 'y'), x: [2, 3], tensors: { b: scalar(0.5) } },
  {
    of: 'Clip by attributes',
    nodes: node('Clip', 'x', 'y', { min: { float: -0.5 }, max: { float: 1 } }),
    x: [2, 3],
    opset: 7,
  },
  ...pairs('Add Sub Mul Max Min'),
  ...pairs('Div', { tensors: { b: positive(numbers([3, 1], 7)) } }),
  { of: 'Sub from a number', nodes: node('Sub', 'b x', 'y'), x: [2, 3], tensors: { b: scalar(2) } },
  {
    of: 'Div of a number',
    nodes: node('Div', 'b x', 'y'),
    input: positive(numbers([2, 3])),
    tensors: { b: scalar(2) },
  },
  {
    of: 'Add on channels of images',
    nodes: [node('MaxPool', 'x', 'p', { kernel_shape: [2, 2] }), node('Add', 'b p', 'y')],
    x: image,
    tensors: { b: numbers([3, 1, 1]) },
  },
  { of: 'Sum of three', nodes: node('Sum', 'x x b', 'y'), x: [2, 3], tensors: { b: numbers([3]) } },
  { of: 'Mean of two', nodes: node('Mean', 'x b', 'y'), x: [2, 3], tensors: { b: numbers([3]) } },
  ...[2, 3, 0.5, -1, 0, 1.3].map((k) => ({
    of: `Pow ${k}`,
    nodes: node('Pow', 'x k', 'y'),
    input: positive(numbers([2, 3])),
    tensors: { k: scalar(k) },
  })),
  ...['Greater', 'Less', 'GreaterOrEqual', 'LessOrEqual', 'Equal'].flatMap(compared),
  {
    of: 'Where, And, Or, Xor, Not',
    nodes: [
      node('Greater', 'x zero', 'a'),
      node('Less', 'x one', 'b'),
      node('And', 'a b', 'c'),
      node('Or', 'a b', 'd'),
      node('Xor', 'c d', 'e'),
      node('Not', 'e', 'f'),
      node('Where', 'f x two', 'y'),
    ],
    x: [3, 4],
    tensors: { zero: scalar(0), one: scalar(1), two: numbers([4], 3) },
  },
  {
    of: 'Cast to whole numbers and back',
    nodes: [node('Cast', 'x', 'i', { to: 7 }), node('Cast', 'i', 'y', { to: 1 })],
    input: fromNested([
      [1, -2],
      [3, 0],
    ]),
  },
  {
    of: 'Cast to double and back',
    nodes: [node('Cast', 'x', 'i', { to: 11 }), node('Cast', 'i', 'y', { to: 1 })],
    x: [2, 3],
  },
  { of: 'Reshape', nodes: node('Reshape', 'x s', 'y'), x: [2, 3, 4], tensors: { s: ints(0, -1, 2) } },
  { of: 'Flatten images', nodes: node('Flatten', 'x', 'y'), x: image },
  {
    of: 'Flatten after a pool',
    nodes: [node('MaxPool', 'x', 'p', { kernel_shape: [2, 2] }), node('Flatten', 'p', 'y')],
    x: image,
  },
  { of: 'Flatten from axis 2', nodes: node('Flatten', 'x', 'y', { axis: 2 }), x: [2, 3, 4] },
  { of: 'Transpose', nodes: node('Transpose', 'x', 'y', { perm: [0, 2, 1] }), x: [2, 3, 4] },
  { of: 'Squeeze by input', nodes: node('Squeeze', 'x a', 'y'), x: [2, 1, 3], tensors: { a: ints(1) } },
  { of: 'Squeeze by attribute', nodes: node('Squeeze', 'x', 'y', { axes: [-2] }), x: [2, 1, 3], opset: 11 },
  { of: 'Unsqueeze by input', nodes: node('Unsqueeze', 'x a', 'y'), x: [2, 3], tensors: { a: ints(-1, 1) } },
  { of: 'Unsqueeze by attribute', nodes: node('Unsqueeze', 'x', 'y', { axes: [0, 3] }), x: [2, 3], opset: 7 },
  { of: 'Expand', nodes: node('Expand', 'x s', 'y'), x: [2, 1, 3], tensors: { s: ints(2, 4, 1) } },
  { of: 'Tile', nodes: node('Tile', 'x s', 'y'), x: [2, 3], tensors: { s: ints(1, 2) } },
  { of: 'Concat', nodes: node('Concat', 'x b x', 'y', { axis: -1 }), x: [2, 3], tensors: { b: numbers([2, 2]) } },
  {
    of: 'Slice by inputs, backward',
    nodes: node('Slice', 'x s e a p', 'y'),
    x: [2, 5],
    tensors: { s: ints(-1), e: ints(-9), a: ints(1), p: ints(-2) },
  },
  {
    of: 'Slice without end',
    nodes: node('Slice', 'x s e', 'y'),
    x: [3, 5],
    tensors: { s: ints(0, 2), e: ints(2147483647, 2147483647) },
  },
  {
    of: 'Slice by attributes',
    nodes: node('Slice', 'x', 'y', { starts: [1], ends: [9], axes: [1] }),
    x: [2, 5],
    opset: 9,
  },
  {
    of: 'Split by input',
    nodes: [node('Split', 'x s', 'a b', { axis: 1 }), node('Concat', 'b a', 'y', { axis: 1 })],
    x: [2, 5],
    tensors: { s: ints(2, 3) },
  },
  {
    of: 'Split in equal parts',
    nodes: [node('Split', 'x', 'a b', { axis: 1 }), node('Concat', 'b a', 'y', { axis: 1 })],
    x: [2, 4],
    opset: 11,
  },
  {
    of: 'Split in parts that are nearly equal',
    nodes: [node('Split', 'x', 'a b', { axis: 1, num_outputs: 2 }), node('Concat', 'b a', 'y', { axis: 1 })],
    x: [2, 5],
    opset: 18,
  },
  { of: 'Gather', nodes: node('Gather', 'x i', 'y', { axis: 1 }), x: [2, 4, 3], tensors: { i: ints(2, 0, -1) } },
  {
    of: 'Gather of embeddings',
    nodes: node('Gather', 'W x', 'y'),
    input: fromNested(
      [
        [1, 0],
        [2, 2],
      ],
      'int32',
    ),
    tensors: { W: numbers([3, 4]) },
    isLong: true,
  },
  {
    of: 'GatherElements',
    nodes: node('GatherElements', 'x i', 'y', { axis: 1 }),
    x: [2, 3, 2],
    tensors: { i: fromArray([0, 2, 1, -1], [2, 1, 2], 'int32') },
  },
  ...['constant', 'reflect', 'edge'].map((mode) => ({
    of: `Pad, ${mode}`,
    nodes: node('Pad', 'x p', 'y', { mode }),
    x: [2, 4] as Shape,
    tensors: { p: ints(0, 1, 0, 2) },
  })),
  {
    of: 'Pad with a number, cutting',
    nodes: node('Pad', 'x p v', 'y'),
    x: [2, 4],
    tensors: { p: ints(0, -1, 0, 2), v: scalar(3) },
  },
  {
    of: 'Pad by attributes',
    nodes: node('Pad', 'x', 'y', { pads: [0, 1, 0, 1], value: { float: 2 } }),
    x: [2, 4],
    opset: 7,
  },
  ...reductions.map((name) => ({
    of: `${name} by attribute`,
    nodes:
      name === 'ReduceSum'
        ? node(name, 'x a', 'y', { keepdims: 0 })
        : node(name, 'x', 'y', { axes: [1, -1], keepdims: 0 }),
    x: [2, 3, 4] as Shape,
    ...(name === 'ReduceSum' && { tensors: { a: ints(1, -1) } }),
  })),
  ...reductions.map((name) => ({
    of: `${name} by input`,
    nodes: node(name, 'x a', 'y'),
    x: [2, 3, 4] as Shape,
    tensors: { a: ints(1) },
    opset: 18,
  })),
  { of: 'ReduceLogSum', nodes: node('ReduceLogSum', 'x', 'y', { axes: [1] }), input: positive(numbers([2, 3])) },
  { of: 'ReduceMean of all', nodes: node('ReduceMean', 'x', 'y'), x: [2, 3] },
  { of: 'ReduceSum of none', nodes: node('ReduceSum', 'x', 'y', { noop_with_empty_axes: 1 }), x: [2, 3] },
  { of: 'ArgMax', nodes: node('ArgMax', 'x', 'y', { axis: 1, keepdims: 0 }), x: [2, 5] },
  { of: 'ArgMin', nodes: node('ArgMin', 'x', 'y', { axis: 1 }), x: [2, 5] },
  { of: 'Softmax', nodes: node('Softmax', 'x', 'y', { axis: 1 }), x: [2, 3, 4] },
  { of: 'Softmax of version 11', nodes: node('Softmax', 'x', 'y'), x: [2, 3, 4], opset: 11 },
  ...[11, 13].flatMap((opset) =>
    [0, 1, -1].map((axis) => ({
      of: `Hardmax of version ${opset} along ${axis}`,
      nodes: node('Hardmax', 'x', 'y', { axis }),
      x: [2, 3, 4] as Shape,
      opset,
    })),
  ),
  {
    of: 'Hardmax of equal entries',
    nodes: node('Hardmax', 'x', 'y'),
    input: fromNested([
      [1, 2, 2],
      [3, 3, 3],
    ]),
  },
  { of: 'LogSoftmax', nodes: node('LogSoftmax', 'x', 'y'), x: [2, 3, 4] },
  { of: 'MatMul with a matrix', nodes: node('MatMul', 'x W', 'y'), x: [2, 3, 4], tensors: { W: numbers([4, 5]) } },
  { of: 'MatMul that repeats', nodes: node('MatMul', 'W x', 'y'), x: [2, 1, 3, 4], tensors: { W: numbers([2, 5, 3]) } },
  { of: 'MatMul with a vector', nodes: node('MatMul', 'x w', 'y'), x: [2, 3, 4], tensors: { w: numbers([4]) } },
  {
    of: 'Gemm, as a linear layer',
    nodes: node('Gemm', 'x W b', 'y', { transB: 1 }),
    x: [2, 3],
    tensors: { W: numbers([4, 3]), b: numbers([4]) },
  },
  {
    of: 'Gemm with factors',
    nodes: node('Gemm', 'x W b', 'y', { alpha: { float: 0.5 }, beta: { float: 2 } }),
    x: [2, 3],
    tensors: { W: numbers([3, 4]), b: numbers([1, 4]) },
  },
  {
    of: 'Gemm turned, without C',
    nodes: node('Gemm', 'x W', 'y', { transA: 1 }),
    x: [3, 2],
    tensors: { W: numbers([3, 4]) },
  },
  { of: 'Conv', nodes: node('Conv', 'x W b', 'y'), x: image, tensors: { W: numbers([2, 3, 2, 2]), b: numbers([2]) } },
  {
    of: 'Conv with uneven padding, strides, dilation',
    nodes: node('Conv', 'x W', 'y', { pads: [1, 0, 2, 1], strides: [2, 1], dilations: [1, 2], kernel_shape: [3, 2] }),
    x: [2, 2, 5, 6],
    tensors: { W: numbers([3, 2, 3, 2]) },
  },
  {
    of: 'Conv with groups',
    nodes: node('Conv', 'x W', 'y', { group: 2 }),
    x: [1, 4, 3, 3],
    tensors: { W: numbers([2, 2, 2, 2]) },
  },
  ...['SAME_UPPER', 'SAME_LOWER', 'VALID'].map((auto) => ({
    of: `Conv, ${auto}`,
    nodes: node('Conv', 'x W', 'y', { auto_pad: auto, strides: [2, 2] }),
    x: [1, 2, 5, 4] as Shape,
    tensors: { W: numbers([2, 2, 2, 3]) },
  })),
  {
    of: 'Conv of sequences',
    nodes: node('Conv', 'x W b', 'y', { pads: [1, 2], strides: [2] }),
    x: [2, 3, 7],
    tensors: { W: numbers([2, 3, 3]), b: numbers([2]) },
  },
  {
    of: 'ConvTranspose',
    nodes: node('ConvTranspose', 'x W b', 'y', { strides: [2, 2], pads: [1, 0, 1, 0], output_padding: [1, 0] }),
    x: [2, 3, 3, 2],
    tensors: { W: numbers([3, 2, 3, 2]), b: numbers([2]) },
  },
  {
    of: 'ConvTranspose with groups',
    nodes: node('ConvTranspose', 'x W', 'y', { group: 2, dilations: [2, 1] }),
    x: [1, 4, 2, 3],
    tensors: { W: numbers([4, 1, 2, 2]) },
  },
  {
    of: 'MaxPool',
    nodes: node('MaxPool', 'x', 'y', { kernel_shape: [2, 2], strides: [2, 1], pads: [1, 0, 0, 1] }),
    x: image,
  },
  {
    of: 'MaxPool, ceil_mode',
    nodes: node('MaxPool', 'x', 'y', { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 }),
    x: [1, 2, 6, 7],
  },
  {
    of: 'MaxPool, ceil_mode, padding',
    nodes: node('MaxPool', 'x', 'y', { kernel_shape: [2, 2], strides: [2, 2], pads: [1, 1, 1, 1], ceil_mode: 1 }),
    x: [1, 2, 5, 6],
  },
  { of: 'MaxPool, dilations', nodes: node('MaxPool', 'x', 'y', { kernel_shape: [2, 2], dilations: [2, 1] }), x: image },
  { of: 'MaxPool of sequences', nodes: node('MaxPool', 'x', 'y', { kernel_shape: [3], strides: [2] }), x: [2, 3, 7] },
  { of: 'AveragePool', nodes: node('AveragePool', 'x', 'y', { kernel_shape: [2, 3], pads: [1, 1, 0, 1] }), x: image },
  {
    of: 'AveragePool that counts padding',
    nodes: node('AveragePool', 'x', 'y', { kernel_shape: [2, 3], pads: [1, 1, 0, 1], count_include_pad: 1 }),
    x: image,
  },
  {
    of: 'AveragePool, ceil_mode',
    nodes: node('AveragePool', 'x', 'y', { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 }),
    x: [1, 2, 6, 7],
  },
  {
    of: 'AveragePool, SAME_UPPER',
    nodes: node('AveragePool', 'x', 'y', { kernel_shape: [3, 2], strides: [2, 2], auto_pad: 'SAME_UPPER' }),
    x: image,
  },
  ...[1, 2].flatMap((p): readonly Case[] => [
    { of: `LpPool, p = ${p}`, nodes: node('LpPool', 'x', 'y', { kernel_shape: [2, 3], p }), x: image },
    {
      of: `LpPool, p = ${p}, strides, padding`,
      nodes: node('LpPool', 'x', 'y', { kernel_shape: [2, 2], strides: [2, 1], pads: [1, 0, 0, 1], p }),
      x: image,
      opset: 11,
    },
    {
      of: `LpPool, p = ${p}, dilations`,
      nodes: node('LpPool', 'x', 'y', { kernel_shape: [2, 2], dilations: [2, 1], p }),
      x: image,
      opset: 22,
    },
    { of: `LpPool of sequences, p = ${p}`, nodes: node('LpPool', 'x', 'y', { kernel_shape: [3], p }), x: [2, 3, 7] },
  ]),
  { of: 'GlobalAveragePool', nodes: node('GlobalAveragePool', 'x', 'y'), x: image },
  { of: 'GlobalMaxPool', nodes: node('GlobalMaxPool', 'x', 'y'), x: image },
  {
    of: 'BatchNormalization',
    nodes: node('BatchNormalization', 'x scale shift mean variance', 'y', { epsilon: { float: 0.01 } }),
    x: image,
    tensors: C,
  },
  {
    of: 'BatchNormalization of vectors, version 7',
    nodes: node('BatchNormalization', 'x scale shift mean variance', 'y'),
    x: [2, 3],
    tensors: C,
    opset: 7,
  },
  {
    of: 'InstanceNormalization',
    nodes: node('InstanceNormalization', 'x scale shift', 'y'),
    x: image,
    tensors: { scale: C.scale, shift: C.shift },
  },
  {
    of: 'GroupNormalization',
    nodes: node('GroupNormalization', 'x scale shift', 'y', { num_groups: 2 }),
    x: [2, 4, 3, 2],
    tensors: { scale: numbers([4], 2), shift: numbers([4], 3) },
    opset: 21,
  },
  {
    of: 'LayerNormalization',
    nodes: node('LayerNormalization', 'x scale shift', 'y'),
    x: [2, 4, 3],
    tensors: { scale: C.scale, shift: C.shift },
  },
  {
    of: 'LayerNormalization of two axes',
    nodes: node('LayerNormalization', 'x scale', 'y', { axis: -2 }),
    x: [2, 4, 3],
    tensors: { scale: numbers([4, 3]) },
  },
  ...[[4], [3, 4], [2, 3, 4]].map((shape, i) => ({
    of: `RMSNormalization of the last ${shape.length} axes`,
    nodes: node('RMSNormalization', 'x scale', 'y', { axis: -shape.length, epsilon: { float: 0.01 * i + 1e-5 } }),
    x: [5, 2, 3, 4] as Shape,
    tensors: { scale: numbers(shape) },
    opset: 23,
  })),
  {
    of: 'MeanVarianceNormalization',
    nodes: node('MeanVarianceNormalization', 'x', 'y'),
    x: image,
  },
  {
    of: 'MeanVarianceNormalization of other axes',
    nodes: node('MeanVarianceNormalization', 'x', 'y', { axes: [1, -1] }),
    x: [2, 3, 4],
    opset: 9,
  },
  ...attentions,
  { of: 'CumSum', nodes: node('CumSum', 'x a', 'y'), x: [2, 4, 3], tensors: { a: fromArray([1], [], 'int32') } },
  ...(['LSTM', 'GRU', 'RNN'] as const).flatMap((name, i) => {
    const width = 3 * ([4, 3, 1][i] as number)
    const weights = (dirs: number) => ({
      W: numbers([dirs, width, 2], 3),
      R: numbers([dirs, width, 3], 4),
      B: numbers([dirs, 2 * width], 5),
    })
    const more = name === 'GRU' ? { linear_before_reset: 1, hidden_size: 3 } : { hidden_size: 3 }
    const activations = [['Sigmoid', 'Tanh', 'Tanh'], ['Sigmoid', 'Tanh'], ['Tanh']][i] as readonly string[]
    const cases: readonly Case[] = [
      { of: name, nodes: node(name, 'x W R', 'y', { ...more, activations }), x: [4, 2, 2], tensors: weights(1) },
      {
        of: `${name} backward, its last state`,
        nodes: node(name, 'x W R B', name === 'LSTM' ? '_ _ y' : '_ y', { ...more, direction: 'reverse' }),
        x: [4, 2, 2],
        tensors: weights(1),
      },
      {
        of: `${name} both ways, from a state`,
        nodes: node(name, 'x W R B _ h', 'y', { ...more, direction: 'bidirectional' }),
        x: [4, 2, 2],
        tensors: { ...weights(2), h: numbers([2, 2, 3], 6) },
      },
    ]
    return cases
  }),
  { of: 'Celu with alpha', nodes: node('Celu', 'x', 'y', { alpha: { float: 0.5 } }), x: [2, 3] },
  { of: 'LpNormalization', nodes: node('LpNormalization', 'x', 'y'), x: [2, 3] },
  { of: 'LpNormalization by sums', nodes: node('LpNormalization', 'x', 'y', { axis: 1, p: 1 }), x: [2, 3, 2] },
  {
    of: 'OneHot',
    nodes: node('OneHot', 'x n v', 'y', { axis: 1 }),
    input: fromNested(
      [
        [1, 0],
        [2, 3],
      ],
      'int32',
    ),
    isLong: true,
    tensors: { n: fromArray([4], [], 'int32'), v: fromNested([-1, 2]) },
  },
  {
    of: 'ScatterElements',
    nodes: node('ScatterElements', 'x i u', 'y', { axis: 1, reduction: 'add' }),
    x: [2, 3],
    tensors: { i: fromArray([0, 2, 1, 1], [2, 2], 'int32'), u: numbers([2, 2], 3) },
  },
  ...[false, true].map((isSum) => ({
    of: `ScatterElements along the last axis, ${isSum ? 'added' : 'replaced'}`,
    nodes: node('ScatterElements', 'x i u', 'y', { axis: -1, ...(isSum && { reduction: 'add' }) }),
    x: [2, 3] as Shape,
    tensors: { i: fromArray([0, -1, 1, 2], [2, 2], 'int32'), u: numbers([2, 2], 3) },
  })),
  ...[false, true].flatMap((isSum): readonly Case[] => {
    const [attributes, opset] = [isSum ? { reduction: 'add' } : {}, isSum ? 16 : 13]
    const of = isSum ? 'added' : 'replaced'
    return [
      {
        of: `ScatterND of rows, ${of}`,
        nodes: node('ScatterND', 'x i u', 'y', attributes),
        x: [4, 3],
        tensors: { i: fromArray([2, 0], [2, 1], 'int32'), u: numbers([2, 3], 3) },
        opset,
      },
      {
        of: `ScatterND of entries, ${of}`,
        nodes: node('ScatterND', 'x i u', 'y', attributes),
        x: [2, 3, 2],
        tensors: { i: fromArray([0, 1, 0, 1, -1, 1], [2, 3], 'int32'), u: numbers([2], 3) },
        opset,
      },
      {
        of: `ScatterND of blocks, ${of}`,
        nodes: node('ScatterND', 'x i u', 'y', attributes),
        x: [2, 3, 2],
        tensors: { i: fromArray([0, 1, 1, 2, 1, 0, 0, 0], [2, 2, 2], 'int32'), u: numbers([2, 2, 2], 3) },
        opset: opset + 2,
      },
    ]
  }),
  {
    of: 'GatherND of rows',
    nodes: node('GatherND', 'x i', 'y'),
    x: [3, 4],
    tensors: { i: fromArray([2, -1, 0], [3, 1], 'int32') },
    opset: 11,
  },
  {
    of: 'GatherND of entries',
    nodes: node('GatherND', 'x i', 'y'),
    x: [2, 3, 2],
    tensors: { i: fromArray([0, 1, 1, 1, 2, 0], [2, 1, 3], 'int32') },
  },
  {
    of: 'GatherND of blocks',
    nodes: node('GatherND', 'x i', 'y'),
    x: [2, 3, 2],
    tensors: { i: fromArray([0, 1, 1, 2, 1, 0], [3, 2], 'int32') },
  },
  {
    of: 'GatherND of each example',
    nodes: node('GatherND', 'x i', 'y', { batch_dims: 1 }),
    x: [2, 3, 2],
    tensors: { i: fromArray([1, 0, 2, -1], [2, 2, 1], 'int32') },
    opset: 12,
  },
  {
    of: 'GatherND by indices that are not known',
    nodes: [
      node('ArgMax', 'x', 'a', { axis: 2 }),
      node('Unsqueeze', 'a axis', 'i'),
      node('GatherND', 'x i', 'y', { batch_dims: 2 }),
    ],
    x: [2, 3, 4],
    tensors: { axis: ints(-1) },
  },
  {
    of: 'CastLike',
    nodes: [node('CastLike', 'x k', 'i'), node('Add', 'i k', 'j'), node('CastLike', 'j x', 'y')],
    input: fromNested([
      [1, -2],
      [3, 0],
    ]),
    tensors: { k: ints(5, 7) },
  },
  { of: 'TopK', nodes: node('TopK', 'x k', 'y i'), x: [2, 5], tensors: { k: ints(2) } },
  {
    of: 'TopK, the smallest of an axis',
    nodes: [
      node('TopK', 'x k', 'v i', { axis: 1, largest: 0 }),
      node('Cast', 'i', 'f', { to: 1 }),
      node('Add', 'v f', 'y'),
    ],
    x: [2, 4, 3],
    tensors: { k: ints(3) },
  },
  {
    of: 'Einsum',
    nodes: node('Einsum', 'x W', 'y', { equation: 'bij, jk -> bik' }),
    x: [2, 3, 4],
    tensors: { W: numbers([4, 2]) },
  },
  { of: 'Trilu, upper', nodes: node('Trilu', 'x', 'y'), x: [2, 3, 4] },
  {
    of: 'Trilu, lower',
    nodes: node('Trilu', 'x k', 'y', { upper: 0 }),
    x: [3, 3],
    tensors: { k: fromArray([1], [], 'int32') },
  },
  { of: 'DepthToSpace', nodes: node('DepthToSpace', 'x', 'y', { blocksize: 2 }), x: [1, 8, 2, 3] },
  { of: 'DepthToSpace, CRD', nodes: node('DepthToSpace', 'x', 'y', { blocksize: 2, mode: 'CRD' }), x: [1, 8, 2, 3] },
  { of: 'SpaceToDepth', nodes: node('SpaceToDepth', 'x', 'y', { blocksize: 2 }), x: [1, 2, 4, 6] },
  {
    of: 'LRN',
    nodes: node('LRN', 'x', 'y', { size: 3, alpha: { float: 0.3 }, beta: { float: 0.6 }, bias: { float: 2 } }),
    x: [2, 5, 2, 3],
  },
  {
    of: 'Clip by the largest of a row',
    nodes: [node('ReduceMax', 'x', 'm', { keepdims: 0 }), node('Sub', 'm two', 'n'), node('Clip', 'x n', 'y')],
    x: [2, 3],
    tensors: { two: scalar(2) },
  },
  {
    of: 'Resize by factors',
    nodes: node('Resize', 'x _ k', 'y', { coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' }),
    x: [1, 2, 2, 3],
    tensors: { k: fromNested([1, 1, 2, 3]) },
  },
  { of: 'Resize by sizes', nodes: node('Resize', 'x _ _ k', 'y'), x: [1, 2, 2, 3], tensors: { k: ints(1, 2, 4, 6) } },
  {
    of: 'Upsample',
    nodes: node('Upsample', 'x k', 'y'),
    x: [1, 2, 2, 3],
    tensors: { k: fromNested([1, 1, 2, 2]) },
    opset: 9,
  },
  {
    of: 'Shape, arithmetic on sizes, Reshape, as PyTorch views',
    nodes: [
      node('Shape', 'x', 's'),
      node('Gather', 's zero', 'n'),
      node('Unsqueeze', 'n axes', 'n1'),
      node('Concat', 'n1 rest', 'to', { axis: 0 }),
      node('Reshape', 'x to', 'y'),
    ],
    x: [2, 3, 4],
    tensors: { zero: fromArray([0], [], 'int32'), axes: ints(0), rest: ints(-1) },
  },
  {
    of: 'numbers that are known: Slice, Mul, Div, Floor, Cast, ReduceProd, Range, ConstantOfShape, Size, Mod, Sign, Ceil, Round',
    nodes: [
      node('Shape', 'x', 's'),
      node('Slice', 's one two', 'h'),
      node('Cast', 'h', 'f', { to: 1 }),
      node('Div', 'f c', 'd'),
      node('Floor', 'd', 'e'),
      node('Ceil', 'e', 'e1'),
      node('Round', 'e1', 'e2'),
      node('Sign', 'e2', 'e3'),
      node('Mul', 'e2 e3', 'e4'),
      node('Cast', 'e4', 'g', { to: 7 }),
      node('Mul', 'g two', 'k'),
      node('ReduceProd', 's', 'all', { keepdims: 0 }),
      node('Size', 'x', 'size'),
      node('Sub', 'all size', 'none'),
      node('Mod', 'none two', 'none1'),
      node('Add', 'k none1', 'k1'),
      node('ConstantOfShape', 'k1', 'zeros', { value: fromArray([2], [1], 'float32') }),
      node('Squeeze', 'k1', 'n'),
      node('Cast', 'n', 'nf', { to: 1 }),
      node('Range', 'z nf o', 'r'),
      node('Add', 'zeros r', 'zr'),
      node('Add', 'x zr', 'y'),
    ],
    x: [2, 6],
    tensors: { one: ints(1), two: ints(2), c: fromNested([2]), z: scalar(0), o: scalar(1) },
  },
]

const listOf = (nodes: Nodes): readonly Message<'Node'>[] => (Array.isArray(nodes) ? nodes : [nodes as Message<'Node'>])

const madeOf = ({ nodes, x, input, tensors, opset, isLong, of }: Case) => {
  const given = input ?? numbers(x as Shape)
  const names = ['batch', ...given.shape.slice(1)]
  const isInt = of.startsWith('Arg')
  return {
    given,
    bytes: model({
      nodes: listOf(nodes),
      inputs: [port('x', of.startsWith('Gemm turned') ? [...given.shape] : names, isLong === true ? 7 : 1)],
      outputs: [port('y', undefined, isInt ? 7 : 1)],
      ...(tensors && { tensors }),
      opset: opset ?? 17,
    }),
  }
}

const read = (bytes: Uint8Array): OnnxModel => {
  const found = fromOnnx(bytes, { images: 'NCHW' })
  if (found._tag === 'Left') throw found.left
  return found.right
}

/** Cases in the newest version, but for those that are written as only older versions have it. */
const newest: readonly Case[] = cases
  .filter(({ of, opset = 17 }) => opset >= 17 && opset < 24 && !/^Reduce\w+( by attribute)?$/.test(of))
  .map((given) => ({ ...given, of: `${given.of}, in version 24`, opset: 24 }))

t.test('as onnxruntime', { skip: withoutRuntime }, async (t) => {
  for (const given of [...cases, ...newest])
    await t.test(given.of, async (t) => {
      const { bytes, given: x } = madeOf(given)
      const { layer, variables } = read(bytes)
      const [expected] = await runModel(bytes, [x], given.isLong)
      const y = predict(layer, variables, x as never) as AnyTensor
      t.same(y.shape, (expected as AnyTensor).shape)
      t.ok(
        approxEqual(op.cast(y, 'float64'), op.cast(expected as AnyTensor, 'float64') as never, {
          relative: 1e-5,
          absolute: 1e-5,
        }),
        `${JSON.stringify(toNested(y))} and ${JSON.stringify(toNested(expected as AnyTensor))}`,
      )
    })
})

t.test('every operator has a case', async (t) => {
  const shown = new Set(cases.flatMap(({ nodes }) => listOf(nodes).map(({ opType }) => opType)))
  t.same(
    [...operators.keys()].filter((name) => !shown.has(name) && name !== 'Constant'),
    [],
  )
})
