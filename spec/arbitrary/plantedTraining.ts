// Wrong gradients of losses and of layers.
import {
  type Diff,
  elementwise,
  fromArray,
  leastSquares,
  op,
  type Scalar,
  softmaxCrossEntropy,
  type Tensor,
  vjp,
} from 'pullback'
import { f64, normal, type Planted } from './planted.ts'

const x = normal(7, 3, 4)
const labels = fromArray([0, 3, 1], [3], 'int32')
const wrongly =
  (loss: (x: Tensor) => Scalar, spoil: (g: Tensor, d: Scalar) => Tensor): Diff<Tensor, Scalar> =>
  (v) => {
    const [value, pull] = vjp(loss)(v)
    return [value, (d) => spoil(pull(d), d)]
  }
const entropy = (v: Tensor): Scalar => softmaxCrossEntropy(labels as never)(v as never)[0]
const squares = (v: Tensor): Scalar => leastSquares(f64([...Array(12).keys()], [3, 4]) as never)(v as never)[0]
const cubic = elementwise(
  (v) => v ** 3,
  (v) => 3 * v * v,
  (v) => 5 * v,
)
export const trainingBugs: readonly Planted[] = [
  ['cross entropy: the cotangent twice', wrongly(entropy, (g, d) => op.mul(g, op.broadcast(d, g.shape) as Tensor)), x],
  ['cross entropy: the cotangent undone', wrongly(entropy, (g, d) => op.div(g, op.broadcast(d, g.shape) as Tensor)), x],
  ['cross entropy: the sum for the mean', wrongly(entropy, (g) => op.scale(g, 3)), x],
  ['cross entropy: label and all', wrongly(entropy, (g) => op.shift(g, 1e-5)), x],
  ['least squares: no factor 2', wrongly(squares, (g) => op.scale(g, 0.5)), x],
  [
    'least squares: the cotangent ignored',
    wrongly(squares, (g, d) => op.div(g, op.broadcast(d, g.shape) as Tensor)),
    x,
  ],
  [
    'elementwise: a wrong slope',
    elementwise(
      (v) => v * v * v,
      (v) => 3 * v,
    ),
    { params: {}, input: normal(1, 2, 3) },
  ],
  ['elementwise: a wrong slope of the slope', cubic, { params: {}, input: normal(1, 1, 3) }],
]
