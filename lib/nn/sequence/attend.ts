import { untraced } from '../../diff/untraced.ts'
import { maskAbove } from '../../op/activation/relu.ts'
import { add } from '../../op/elementwise/add.ts'
import { scale, shift } from '../../op/elementwise/scale.ts'
import { matmul } from '../../op/linear/matmul.ts'
import { softmax } from '../../op/reduce/softmax.ts'
import { broadcast, sum } from '../../op/reduce/sum.ts'
import { reshape } from '../../op/shape/reshape.ts'
import { swapLast } from '../../op/shape/transpose.ts'
import { tril } from '../../op/shape/triangle.ts'
import { ones } from '../../tensor/create.ts'
import type { Float, Shape, Tensor } from '../../type/tensor.ts'
import { fromHeads } from './heads.ts'

export interface Masks {
  /** True if a step sees itself and earlier steps only. */
  readonly causal?: boolean | undefined
  /** [batch, seen], or [batch, steps, seen]: what is above 0 may be looked at. */
  readonly mask?: Tensor | undefined
}

/** The least number of each format: the score of what is not seen. It is finite, so that a row of such is no NaN. */
const lowest = { float32: -3.4028234663852886e38, float64: -Number.MAX_VALUE } as const

/** 1 where a step may look at another, else 0, as [batch, 1, steps, seen]; undefined if all may. */
const allowed = ({ causal, mask }: Masks, scores: Shape, dtype: Float): Tensor | undefined => {
  if (causal !== true && mask === undefined) return undefined
  const [batch = 0, , steps = 0, seen = 0] = scores
  const shape = [batch, 1, steps, seen]
  const pairs = ones([steps, seen], dtype)
  const may = broadcast(causal === true ? tril(pairs) : pairs, shape) as Tensor
  if (mask === undefined) return may
  const real = reshape(untraced(mask), [batch, 1, mask.shape.length === 3 ? steps : 1, seen]) as Tensor
  return maskAbove(may, broadcast(real, shape) as Tensor)
}

/** The softmax of scores over those that are allowed, all of them if nothing says so; zeros where none is. */
export const weightsOf = (scores: Tensor, may: Tensor | undefined): Tensor => {
  if (may === undefined) return softmax(scores) as Tensor
  const here = broadcast(may, scores.shape) as Tensor
  const far = broadcast(scale(shift(may, -1), -lowest[scores.dtype]) as Tensor, scores.shape)
  return maskAbove(softmax(add(maskAbove(scores, here), far as never)) as Tensor, here)
}

/** Rows of y [batch, steps, width] as they are where a step may see something, and 0 elsewhere. */
const sighted = (y: Tensor, may: Tensor): Tensor => {
  const [batch, steps] = y.shape as readonly [number, number]
  return maskAbove(y, broadcast(reshape(sum(may, 3) as Tensor, [batch, steps, 1]) as Tensor, y.shape) as Tensor)
}

/**
 * softmax(q kᵀ / √e) v for q [batch, heads, steps, e] and k, v [batch, heads, seen, e], and then `output` of all heads
 * side by side: each step's mean of the values that it may see, weighted by how its query fits their keys. Weights go
 * through `dropped`. A step that may see nothing gets zeros.
 */
export const attend = (
  [q, k, v]: readonly [Tensor, Tensor, Tensor],
  masks: Masks,
  dropped: (weights: Tensor) => Tensor,
  output: (seen: Tensor) => Tensor,
): Tensor => {
  const scores = matmul(scale(q, 1 / Math.sqrt(q.shape[3] as number)) as Tensor, swapLast(k) as never) as Tensor
  const may = allowed(masks, scores.shape, scores.dtype)
  const weights = dropped(weightsOf(scores, may))
  const y = output(fromHeads(matmul(weights, v as never) as Tensor))
  return may === undefined || masks.mask === undefined ? y : sighted(y, may)
}
