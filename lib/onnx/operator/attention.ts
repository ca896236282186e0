// Attention of heads, which several heads of queries may share.
import { untraced } from '../../diff/untraced.ts'
import { ShapeError } from '../../error/tensorError.ts'
import { weightsOf } from '../../nn/sequence/attend.ts'
import { fromHeads, toHeads } from '../../nn/sequence/heads.ts'
import { add } from '../../op/elementwise/add.ts'
import { mul } from '../../op/elementwise/mul.ts'
import { scale } from '../../op/elementwise/scale.ts'
import { matmul } from '../../op/linear/matmul.ts'
import { broadcast } from '../../op/reduce/sum.ts'
import { reshape } from '../../op/shape/reshape.ts'
import { swapLast } from '../../op/shape/transpose.ts'
import { tril } from '../../op/shape/triangle.ts'
import { ones } from '../../tensor/create.ts'
import { showShape } from '../../tensor/shape.ts'
import type { Float, Shape, Tensor } from '../../type/tensor.ts'
import { floatsOf, ofTensor, type Value } from '../value.ts'
import type { Operator, Operators } from './operator.ts'

/** 1 where a query may look at a key, else 0: by a mask of truth values, and at earlier ones only if it is causal. */
const allowed = (shape: Shape, dtype: Float, mask: Value | undefined, isCausal: boolean): Tensor | undefined => {
  const truths = mask?.kind === 'bool' ? (broadcast(untraced(floatsOf(mask, dtype)), shape) as Tensor) : undefined
  const earlier = isCausal
    ? (broadcast(tril(ones(shape.slice(2), dtype) as never) as Tensor, shape) as Tensor)
    : undefined
  return truths && earlier ? mul(truths, earlier) : (truths ?? earlier)
}

/** Heads of keys or values, each as often as there are heads of queries for it. */
const shared = (x: Tensor, heads: number): Tensor => {
  const [batch, own, steps, e] = x.shape as readonly [number, number, number, number]
  if (own === heads) return x
  if (heads % own !== 0)
    throw new ShapeError({ op: 'Attention', expected: `heads that divide ${heads}`, actual: showShape(x.shape) })
  const apart = reshape(x, [batch, own, 1, steps, e]) as Tensor
  return reshape(broadcast(apart, [batch, own, heads / own, steps, e]), [batch, heads, steps, e]) as Tensor
}

const attention: Operator = (node) => {
  const isCausal = node.int('is_causal', 0) !== 0
  const [heads, others] = [node.int('q_num_heads', 0), node.int('kv_num_heads', 0)]
  const factor = node.float('scale', Number.NaN)
  if (node.float('softcap', 0) !== 0) node.refuse('softcap')
  if (![0, 1, 11].includes(node.int('softmax_precision', 0))) node.refuse('softmax_precision')
  node.int('qk_matmul_output_mode', 0)
  for (const [i, name] of [
    [4, 'past_key'],
    [5, 'past_value'],
    [6, 'nonpad_kv_seqlen'],
  ] as const)
    if (node.has(i)) node.refuse(name)
  if (node.outputs > 1) node.refuse('keys, values or scores as outputs')
  return (q, k, v, mask) => {
    const isFlat = (q as Value).dims.length === 3
    const apart = (x: Value | undefined, n: number): Tensor =>
      isFlat ? toHeads(floatsOf(x as Value), n) : floatsOf(x as Value)
    const Q = apart(q, heads)
    const count = Q.shape[1] as number
    const [K, V] = [shared(apart(k, others), count), shared(apart(v, others), count)]
    const by = Number.isNaN(factor) ? 1 / Math.sqrt(Q.shape[3] as number) : factor
    const own = matmul(scale(Q, by), swapLast(K) as never) as unknown as Tensor
    const isAdded = mask !== undefined && mask.kind !== 'bool'
    const scores = isAdded ? add(own, broadcast(floatsOf(mask, own.dtype), own.shape) as Tensor) : own
    const weights = weightsOf(scores, allowed(scores.shape, scores.dtype, mask, isCausal))
    const y = matmul(weights as never, V as never) as unknown as Tensor
    return [ofTensor(isFlat ? fromHeads(y) : y)]
  }
}

export const attentions: Operators = { Attention: attention }
