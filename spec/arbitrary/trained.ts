// Right programs made of layers and losses.
import {
  type AnyLayer,
  alphaDropout,
  avgPool2d,
  batchNorm,
  binaryCrossEntropy,
  categoricalCrossEntropy,
  compose,
  conv1d,
  conv2d,
  cosineDistance,
  dropout,
  elu,
  flatten,
  fromArray,
  gelu,
  groupNorm,
  hardswish,
  hardtanh,
  huber,
  init,
  key,
  klDivergence,
  layerNorm,
  leakyRelu,
  leastSquares,
  linear,
  logSoftmax,
  mae,
  maxPool2d,
  mish,
  multiclassHinge,
  named,
  nll,
  op,
  prelu,
  relu,
  residual,
  rmsNorm,
  type Shape,
  sigmoid,
  silu,
  smoothL1,
  softmax,
  softmaxCrossEntropy,
  softplus,
  type Tensor,
  tanh,
  westonWatkinsHinge,
} from 'pullback'
import { type Make, pick, type Source, whole } from './numbers.ts'

const acts: readonly (() => AnyLayer)[] = [
  () => relu,
  () => sigmoid,
  () => tanh,
  () => gelu,
  () => silu,
  () => mish,
  () => softmax,
  () => logSoftmax,
  () => hardswish,
  () => elu(),
  () => softplus(),
  () => leakyRelu(),
  () => hardtanh(),
  () => prelu(),
  () => dropout({ drop: 0.4 }),
  () => alphaDropout({ drop: 0.3 }),
]
const joined = (...layers: readonly AnyLayer[]): AnyLayer =>
  (compose as unknown as (...l: readonly unknown[]) => AnyLayer)(
    ...layers.map((l, i) => (Object.keys(l.params).length > 0 ? named(`p${i}`, l as never) : l)),
  )
const layers: Readonly<Record<string, readonly [(next: Source) => AnyLayer, Shape]>> = {
  activation: [(n) => pick(n, acts)(), [3, 4]],
  linear: [() => linear(4, 3) as AnyLayer, [3, 4]],
  two: [(n) => joined(linear(4, 5) as AnyLayer, pick(n, acts)(), linear(5, 2) as AnyLayer), [3, 4]],
  three: [
    (n) =>
      joined(
        linear(3, 4) as AnyLayer,
        pick(n, acts)(),
        linear(4, 4) as AnyLayer,
        pick(n, acts)(),
        linear(4, 1) as AnyLayer,
      ),
    [2, 3],
  ],
  batchNorm: [(n) => joined(batchNorm(3) as AnyLayer, pick(n, acts)()), [4, 3]],
  layerNorm: [(n) => joined(layerNorm(4) as AnyLayer, pick(n, acts)()), [3, 4]],
  rmsNorm: [() => rmsNorm(4) as AnyLayer, [3, 4]],
  groupNorm: [() => groupNorm(2, 4) as AnyLayer, [3, 4]],
  residual: [() => residual(joined(linear(3, 3) as AnyLayer, relu) as never) as unknown as AnyLayer, [2, 3]],
  conv2d: [(n) => joined(conv2d(1, 2, { kernel: 2 }) as AnyLayer, pick(n, acts)()), [2, 3, 3, 1]],
  conv1d: [() => conv1d(2, 2, { kernel: 2 }) as AnyLayer, [2, 4, 2]],
  maxPool2d: [() => joined(relu, maxPool2d(2) as AnyLayer, flatten), [1, 4, 4, 1]],
  avgPool2d: [() => joined(avgPool2d(2) as AnyLayer, tanh), [1, 4, 4, 1]],
}
const onNumbers = [leastSquares, mae, huber, smoothL1, cosineDistance]
const onLabels = [softmaxCrossEntropy, multiclassHinge, westonWatkinsHinge, nll]

export const layered: Make = ({ next, tensor }) => {
  const [make, shape] = pick(next, Object.values(layers))
  const layer = make(next)
  const { params } = init(layer, key(whole(next, 0, 99)))
  return [layer, { params, input: tensor(shape) }]
}
export const lost: Make = ({ next, tensor }) => {
  const n = whole(next, 1, 4)
  const reduction = pick(next, ['mean', 'sum', 'none'] as const)
  const reduced = (loss: object): unknown => (loss as Record<string, unknown>)[reduction]
  const output = tensor([n, 3])
  const form = next()
  if (form < 0.35) return [reduced(pick(next, onNumbers)), { output, target: next() < 0.3 ? output : tensor([n, 3]) }]
  const labels = fromArray(
    Array.from({ length: n }, () => whole(next, 0, 2)),
    [n],
    'int32',
  )
  if (form < 0.7) return [reduced(pick(next, onLabels)), { output, target: labels }]
  if (form < 0.85) return [reduced(binaryCrossEntropy), { output, target: tensor([n, 3], 'probabilities') }]
  const shares = op.softmax(tensor([n, 3])) as Tensor
  if (form < 0.93) return [reduced(klDivergence), { output: op.logSoftmax(output), target: shares }]
  return [reduced(categoricalCrossEntropy), { output: op.softmax(output), target: shares }]
}
