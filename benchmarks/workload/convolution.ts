// The workload with convolutions. Its two kinds of layers are made of operations here.
import { compose, type Initializer, layer, linear, named, op, random, relu, type Tensor, zeros } from 'pullback'
import type { Workload } from './workload.ts'

type Images = Tensor<readonly [number, number, number, number]>

/** Zeros all around the images. */
const padded = (x: Tensor): Tensor =>
  [1, 2].reduce((t, axis) => {
    const edge = zeros(
      t.shape.map((n, i) => (i === axis ? 1 : n)),
      t.dtype,
    )
    return op.concat<Tensor>([edge, t, edge], axis)
  }, x)

/** A convolution of 3 × 3 pixels that keeps the size of images of side `side`; W is [outputs, 3, 3, inputs]. */
const convolution = (side: number, inputs: number, outputs: number) => {
  const bound = 1 / Math.sqrt(9 * inputs)
  const uniform: Initializer = (key, shape, dtype) => random.uniform(key, shape, { min: -bound, max: bound, dtype })
  return layer({
    kind: 'convolution',
    input: [side, side, inputs],
    params: { W: { shape: [outputs, 3, 3, inputs], draw: uniform }, b: { shape: [outputs], draw: uniform } },
    forward: ({ W, b }, x) => {
      const n = x.shape[0] as number
      const wide = padded(x as Tensor)
      const window = (i: number): Tensor =>
        op.slice(wide, [
          [0, n],
          [Math.floor(i / 3), Math.floor(i / 3) + side],
          [i % 3, (i % 3) + side],
        ]) as Tensor
      const columns = op.concat(
        Array.from({ length: 9 }, (_, i) => window(i)),
        3,
      )
      const rows = op.reshape(columns, [n * side * side, 9 * inputs] as const)
      const y = op.affine(rows as never, op.reshape(W as Tensor, [outputs, 9 * inputs]) as never, b as never) as Tensor
      return op.reshape(y, [n, side, side, outputs] as const) as Images
    },
  })
}

/** The largest of each 2 × 2 pixels. */
const pooling = (side: number, channels: number) =>
  layer({
    kind: 'pooling',
    input: [side, side, channels],
    params: {},
    forward: (_, x) => {
      const n = x.shape[0] as number
      const pairs = op.reshape(x as Tensor, [n, side / 2, 2, side / 2, 2, channels] as const) as Tensor
      return op.max(pairs, [2, 4]) as Images
    },
  })

const flat = layer({
  kind: 'flat',
  input: [7, 7, 32],
  params: {},
  forward: (_, x) => op.reshape(x as Tensor, [x.shape[0] as number, 1568] as const) as Tensor<readonly [number, 1568]>,
})

export const d: Workload = {
  name: 'd',
  about: '28×28 images, 2 × (convolution 3×3, ReLU, pooling 2), 1568-10, softmax cross entropy, 32 examples, float32',
  kind: 'convolutional',
  network: compose(
    named('C1', convolution(28, 1, 16)),
    relu,
    pooling(28, 16),
    named('C2', convolution(14, 16, 32)),
    relu,
    pooling(14, 32),
    flat,
    named('L', linear(1568, 10)),
  ),
  loss: 'softmaxCrossEntropy',
  outputs: 10,
  dtype: 'float32',
  batch: 32,
}
