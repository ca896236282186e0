// The lecture's two-layer network, z = W₂ f(W₁ x + b₁) + b₂ with the loss ‖y − z‖², forward and backward written out by
// hand. As in the lecture an example is a column, and bprop has to know what fprop did.
import { fromArray, op, type Tensor, toTypedArray } from 'pullback'
import type { draws } from './draws.ts'

export type Matrix = Tensor<readonly [number, number]>
export type Row = Tensor<readonly [1, number]>
export type Plain = { readonly W1: Matrix; readonly b1: Matrix; readonly W2: Row; readonly b2: Row }

export const fprop = ({ W1, b1, W2, b2 }: Plain, x: Matrix, y: Row, f: (z: Matrix) => Matrix = op.relu) => {
  const n = x.shape[1]
  const z1 = op.add(op.matmul(W1, x), op.broadcast(b1, [b1.shape[0], n]))
  const a2 = f(z1)
  const z2 = op.add(op.matmul(W2, a2), op.broadcast(b2, [1, n]))
  const diff = op.sub(z2, y)
  return { x, z1, a2, z2, diff, loss: op.sum(op.mul(diff, diff)) }
}

/** The derivative of max(0, z): 1 where z is above 0. */
export const positive = (z: Matrix): Matrix =>
  fromArray(
    toTypedArray(z).map((v) => (v > 0 ? 1 : 0)),
    z.shape,
  ) as Matrix

/** The bias is added to every column, so its gradient is the sum over all columns. */
const sumOverBatch = <M extends number>(dz: Tensor<readonly [M, number]>): Tensor<readonly [M, number]> =>
  op.sum(dz, 1, { keep: true })

export const bprop = (
  { W2 }: Plain,
  { x, z1, a2, diff }: ReturnType<typeof fprop>,
  biasGradient = sumOverBatch,
): Plain => {
  const dz2 = op.scale(diff, 2)
  const da2 = op.matmul(op.transpose(W2), dz2)
  const dz1 = op.mul(da2, positive(z1))
  return {
    W1: op.matmul(dz1, op.transpose(x)),
    b1: biasGradient(dz1),
    W2: op.matmul(dz2, op.transpose(a2)),
    b2: biasGradient(dz2),
  }
}

/** Parameters, examples and targets, as the lecture draws them. */
export const twoLayerData = (draw: ReturnType<typeof draws>['uniform'], dim: number, hidden: number, n: number) => {
  const plain: Plain = {
    W1: draw('W1', [hidden, dim]),
    b1: draw('b1', [hidden, 1]),
    W2: draw('W2', [1, hidden]),
    b2: draw('b2', [1, 1]),
  }
  return { plain, x: draw('x', [dim, n]), y: op.scale(draw('y', [1, n]), 10) }
}

/** The same numbers as the parameters of two layers named L1 and L2. */
export const asLayers = ({ W1, b1, W2, b2 }: Plain) => ({
  L1: { W: W1, b: op.reshape(b1, [-1]) },
  L2: { W: W2, b: op.reshape(b2, [1]) },
})
