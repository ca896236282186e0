import { untraced } from '../../diff/untraced.ts'
import { maskAbove } from '../../op/activation/relu.ts'
import { add } from '../../op/elementwise/add.ts'
import { mul } from '../../op/elementwise/mul.ts'
import { scale, shift } from '../../op/elementwise/scale.ts'
import { matmul } from '../../op/linear/matmul.ts'
import { softmax } from '../../op/reduce/softmax.ts'
import { broadcast } from '../../op/reduce/sum.ts'
import { reshape } from '../../op/shape/reshape.ts'
import { swapLast, transpose } from '../../op/shape/transpose.ts'
import { tril } from '../../op/shape/triangle.ts'
import { ones } from '../../tensor/create.ts'
import type { Float, Shape, Tensor } from '../../type/tensor.ts'

export interface Masks {
  /** True if a step sees itself and earlier steps only. */
  readonly causal?: boolean | undefined
  /** [batch, steps]: 0 where nobody may look. */
  readonly mask?: Tensor | undefined
}

/** Far enough below every score that its exponential is 0, and finite, so that a row of such is no NaN. */
const unseen = -1e30

/** 1 where a step may look at another, else 0, as [batch, heads, steps, seen]; undefined if all may. */
const allowed = (shape: Shape, dtype: Float, { causal, mask }: Masks): Tensor | undefined => {
  const [batch = 0, , steps = 0, seen = 0] = shape
  const earlier = causal === true ? (broadcast(tril(ones([steps, seen], dtype)), shape) as Tensor) : undefined
  const real = mask && (broadcast(reshape(untraced(mask), [batch, 1, 1, seen]) as Tensor, shape) as Tensor)
  return earlier && real ? (mul(earlier, real as never) as Tensor) : (earlier ?? real)
}

/** Scores with those that are not allowed far below the others. */
const masked = (scores: Tensor, may: Tensor): Tensor =>
  add(maskAbove(scores, may) as Tensor, scale(shift(may, -1), -unseen) as never) as Tensor

/** The softmax of scores over those that are allowed, all of them if nothing says so; zeros where none is. */
export const weightsOf = (scores: Tensor, may: Tensor | undefined): Tensor =>
  may === undefined ? softmax(scores) : (maskAbove(softmax(masked(scores, may)), may) as Tensor)

/**
 * softmax(q kᵀ / √e) v for q [batch, heads, steps, e] and k, v [batch, heads, seen, e]: each step's mean of the values
 * that it may see, weighted by how its query fits their keys. A step that may see nothing gets zeros.
 */
export const attend = (q: Tensor, k: Tensor, v: Tensor, masks: Masks): Tensor => {
  const e = q.shape[3] as number
  const scores = matmul(scale(q, 1 / Math.sqrt(e)) as Tensor, swapLast(k) as never) as Tensor
  const weights = weightsOf(scores, allowed(scores.shape, scores.dtype, masks))
  return matmul(weights, v as never) as Tensor
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
