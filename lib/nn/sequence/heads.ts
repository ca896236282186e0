// The maps of attention: to heads, which share the features, and back.
import { ShapeError } from '../../error/tensorError.ts'
import { zeros } from '../../initializer/constant.ts'
import { glorotUniform } from '../../initializer/varianceScaling.ts'
import { type Context, none, type Spec } from '../../layer/layer.ts'
import { reshape } from '../../op/shape/reshape.ts'
import { transpose } from '../../op/shape/transpose.ts'
import type { Tensor } from '../../type/tensor.ts'
import type { Divides } from '../../type/window.ts'
import { checkDrop, dropout } from '../dropout.ts'
import type { LinearParams } from '../linear.ts'
import { affineSpec, checkSizes, mapped } from './weights.ts'

/** The number of heads if it divides the width, else a sentence. */
export type Heads<H extends number, W extends number> =
  Divides<H, W> extends false ? `${H} heads do not divide a width of ${W}` : H

export const checkHeads = (kind: string, width: number, heads: number): void => {
  checkSizes(kind, { features: width, heads })
  if (width % heads !== 0)
    throw new ShapeError({ op: kind, expected: `heads that divide a width of ${width}`, actual: `${heads}` })
}

/** A linear map as PyTorch draws that of its attention. */
export const projection = (inputs: number, outputs: number): Spec<LinearParams<number, number>> =>
  ({ W: { shape: [outputs, inputs], draw: glorotUniform }, b: { shape: [outputs], draw: zeros } }) as never
/** The map of all heads, as PyTorch draws it. */
export const result = (width: number): Spec<LinearParams<number, number>> =>
  ({ W: affineSpec(width, width, width).W, b: { shape: [width], draw: zeros } }) as never

/** A linear map of each step: [batch, steps, in] to [batch, steps, out]. */
export const ofSteps = (by: LinearParams<number, number>, x: Tensor): Tensor => {
  const [batch, steps, width] = x.shape as readonly [number, number, number]
  const y = mapped(by, reshape(x, [batch * steps, width]) as Tensor)
  return reshape(y, [batch, steps, y.shape[1] as number]) as Tensor
}

/** Features as heads: [batch, steps, heads · e] to [batch, heads, steps, e]. */
export const toHeads = (x: Tensor, heads: number): Tensor => {
  const [batch, steps, width] = x.shape as readonly [number, number, number]
  return transpose(reshape(x, [batch, steps, heads, width / heads]) as Tensor, [0, 2, 1, 3]) as Tensor
}

/** Heads as features: the inverse of `toHeads`. */
export const fromHeads = (x: Tensor): Tensor => {
  const [batch, heads, steps, e] = x.shape as readonly [number, number, number, number]
  return reshape(transpose(x, [0, 2, 1, 3]) as Tensor, [batch, steps, heads * e]) as Tensor
}

/** Dropout of attention's weights, in a context. */
export const droppedBy = (kind: string, drop = 0): ((context: Context) => (weights: Tensor) => Tensor) => {
  checkDrop(kind, drop)
  const { apply } = dropout({ drop })
  return (context) => (weights) => apply(none, none, context, weights as never).value as Tensor
}
