// Layers of sequences and of resampling that are written as models of ONNX.
import {
  type AnyLayer,
  type AnyTensor,
  adaptiveAvgPool2d,
  attention,
  avgPool1d,
  bilinear,
  compose,
  convTranspose1d,
  convTranspose2d,
  crossAttention,
  elementwise,
  embedding,
  fromArray,
  globalMaxPool2d,
  gru,
  gruCell,
  highway,
  input,
  instanceNorm,
  int,
  key,
  learnedPosition,
  logSoftmaxAlong,
  lstm,
  lstmCell,
  maxout,
  maxPool1d,
  named,
  oneHot,
  oneHotColumns,
  op,
  pad,
  random,
  rnn,
  rnnCell,
  type Shape,
  sinusoidalPosition,
  softmaxAlong,
  type Tensor,
  transformerDecoder,
  transformerEncoder,
  upsample,
} from 'pullback'

/** The shape of one example, several by name, or a function that makes a minibatch. */
export type Example = Shape | ((n: number) => AnyTensor) | { readonly [name: string]: Example }
export type Written = readonly [name: string, layer: AnyLayer, example: Example]

/** A minibatch of n examples. */
export const batchOf = (example: Example, n: number, seed = 7): AnyTensor | { readonly [name: string]: unknown } => {
  if (typeof example === 'function') return example(n)
  if (Array.isArray(example)) return random.normal(key(seed), [n, ...(example as Shape)]) as AnyTensor
  return Object.fromEntries(Object.entries(example).map(([name, part], i) => [name, batchOf(part, n, seed + i)]))
}

const tokens =
  (length: number, count: number) =>
  (n: number): AnyTensor =>
    fromArray(
      Array.from({ length: n * length }, (_, i) => (i * 7) % count),
      [n, length],
      'int32',
    )

/** The largest entry of each row, at its place among zeros. */
const placed = (x: Tensor): Tensor => op.mul(x, oneHot(op.argmax(x, -1), x.shape.at(-1) as number) as Tensor)

export const further: readonly Written[] = (
  [
    ['convTranspose2d', convTranspose2d(2, 4, { kernel: [3, 2], stride: 2, padding: 1, groups: 2 }), [3, 4, 2]],
    ['convTranspose2d, odd', convTranspose2d(1, 2, { kernel: 3, stride: 3, outputPadding: 1, dilation: 2 }), [2, 3, 1]],
    ['convTranspose1d', convTranspose1d(2, 3, { kernel: 3, padding: 1, stride: 2 }), [4, 2]],
    ['softmaxAlong', softmaxAlong({ axis: 0 }), [4, 3]],
    ['logSoftmaxAlong', logSoftmaxAlong({ axis: 1 }), [2, 3, 2]],
    ['adaptiveAvgPool2d', adaptiveAvgPool2d([2, 3]), [5, 4, 2]],
    ['upsample', upsample([2, 3]), [2, 3, 2]],
    ['upsample, bilinear', upsample(2, { mode: 'bilinear' }), [3, 2, 2]],
    ['maxPool1d', maxPool1d(2), [5, 2]],
    ['avgPool1d', avgPool1d(2, { stride: 1 }), [4, 2]],
    ['globalMaxPool2d', globalMaxPool2d, [2, 3, 2]],
    ['instanceNorm', instanceNorm(2, { affine: true }), [3, 4, 2]],
    ['bilinear', bilinear(3, 2, 4), { a: [3], b: [2] }],
    ['highway', highway(3, { activation: op.tanh }), [3]],
    ['maxout', maxout(2), [4]],
    ['pad', pad([1, [0, 2]], -1), [2, 3]],
    ['embedding', embedding(5, 2), tokens(3, 5)],
    ['embedding with padding', embedding(5, 2, { padding: 1 }), tokens(3, 5)],
    [
      'oneHotColumns',
      oneHotColumns([0, 3, 2]),
      (n: number) => fromArray(Array.from({ length: n }, (_, i) => [i / 2, i % 3, i % 2]).flat(), [n, 3]),
    ],
    ['entries at their labels', elementwise((x) => placed(x)), [4]],
    ['gru', gru(2, 3), [3, 2]],
    ['gru, reverse, last', gru(2, 3, { reverse: true, outputs: 'last' }), [3, 2]],
    ['lstm', lstm(2, 3), [4, 2]],
    [
      'lstm, masked',
      lstm(2, 3, { masked: true }),
      {
        input: [4, 2],
        mask: (n: number) =>
          fromArray(
            Array.from({ length: 4 * n }, (_, i) => (i % 4 < 3 ? 1 : 0)),
            [n, 4],
            'float32',
          ),
      },
    ],
    ['rnn', rnn(1, 2), [3, 1]],
    ['rnnCell', rnnCell(1, 2), { input: [1], carry: [2] }],
    ['gruCell', gruCell(1, 2), { input: [1], carry: [2] }],
    ['lstmCell', lstmCell(1, 2), { input: [1], carry: { h: [2], c: [2] } }],
    ['attention', attention(4, 2), [3, 4]],
    ['attention, causal', attention(4, 2, { causal: true }), [3, 4]],
    ['attention, rotary', attention(4, 2, { rotary: true }), [3, 4]],
    ['crossAttention', crossAttention(2, 1, { memory: 3 }), { input: [4, 2], memory: [2, 3] }],
    [
      'attention, masked',
      attention(4, 2, { masked: true, causal: true }),
      {
        input: [3, 4],
        mask: (n: number) =>
          fromArray(
            [...Array(3 * n).keys()].map((i) => i % 3),
            [n, 3],
            'float32',
          ),
      },
    ],
    ['transformerEncoder', transformerEncoder(4, 2, { hidden: 3 }), [3, 4]],
    ['transformerDecoder', transformerDecoder(4, 2, { hidden: 3, norm: 'post' }), { input: [2, 4], memory: [3, 4] }],
    ['learnedPosition', learnedPosition(4, 2), [3, 2]],
    ['sinusoidalPosition', sinusoidalPosition, [3, 4]],
    [
      'a transformer',
      compose(
        input(int([3])),
        named('e', embedding(6, 4)),
        sinusoidalPosition,
        named('t', transformerEncoder(4, 2, { hidden: 8 })),
      ),
      tokens(3, 6),
    ],
    [
      'functions of angles and steps',
      elementwise((x) => op.add(op.sin(op.floor(x)), op.mul(op.cos(x), op.log1p(op.expm1(op.round(op.abs(x))))))),
      [3],
    ],
    [
      'running sums',
      elementwise((x) => op.mul(op.cumsum(x, -1 as never) as never, op.greater(x, op.scale(x, 0.5)) as never) as never),
      [2, 4],
    ],
    [
      'sorted and put back',
      elementwise(
        (x) =>
          op.add(
            op.sort(x, -1 as never) as never,
            op.putAlong(x, op.argsort(x, -1 as never) as never, 4) as never,
          ) as never,
      ),
      [2, 4],
    ],
    [
      'the largest',
      elementwise(
        (x) =>
          op.mul(x, op.broadcast(op.sum(op.topK(x, 2).values, -1 as never, { keep: true }), x.shape) as never) as never,
      ),
      [5],
    ],
  ] as readonly (readonly [string, unknown, Example])[]
).map(([name, layer, example]): Written => [name, layer as AnyLayer, example])
