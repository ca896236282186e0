import { checkOptions } from '../error/options.ts'
import { ValueError } from '../error/tensorError.ts'
import { exchanged } from '../kernel/exchange.ts'
import { scale } from '../op/elementwise/scale.ts'
import { describe, floatDType } from '../tensor/data.ts'
import { fresh, raw } from '../tensor/view.ts'
import { leaves, rebuild, type Tree } from '../tree/tree.ts'
import type { AnyTensor, DType, Tensor } from '../type/tensor.ts'
import { bucketsOf, tensorsIn, vectorOf } from './buckets.ts'
import { checkCommunicator } from './checkCommunicator.ts'
import { checkCompress } from './checkCompress.ts'
import type { Group, Reduction } from './group.ts'
import { sumOverRanks } from './sumOverRanks.ts'

/** A vector reduced over ranks; the message may be under way for as long as nobody needs the numbers. */
const reducedVector = (comm: Group, x: Tensor, by: Reduction, compress: 'bfloat16' | undefined): Tensor => {
  if (by === 'sum' && (x.dtype as DType) !== 'int32') return sumOverRanks(x, comm, compress)
  const [numbers] = exchanged([raw(x)], (n) => comm.begin(n as Float32Array, by))
  return fresh(x.shape, numbers as Float32Array) as Tensor
}

export interface AllReduceOptions {
  /**
   * Sends float32 numbers as bfloat16, in half the bytes and with 8 bits of precision, for sums and means over slow
   * networks. The sums are of float32.
   */
  readonly compress?: 'bfloat16' | undefined
}

const reductions = ['sum', 'mean', 'max']

/**
 * The sum, the mean or the maximum of the trees of all ranks, tensor by tensor and entry by entry, on every rank: the
 * same bits. The trees have the same names and shapes on each rank, and every rank must call it. Within a training step
 * it becomes a part of the step's program. Means are of floats only. With one rank the tree is returned as it is.
 *
 * @example
 * import { allReduce, fromNested, oneProcess, toNested } from 'pullback'
 * toNested(allReduce(oneProcess, { b: fromNested([1, 2]) }, 'mean').b) // => [1, 2]
 */
export const allReduce = <T extends Tree>(
  comm: Group,
  tree: T,
  by: 'sum' | 'mean' | 'max',
  options: AllReduceOptions = {},
): T => {
  checkOptions('allReduce', options, ['compress'])
  checkCompress('allReduce', options.compress)
  if (!reductions.includes(by))
    throw new ValueError({
      op: 'allReduce',
      expected: `one of ${reductions.join(', ')}`,
      actual: describe(by),
      code: 'unknown-choice',
    })
  checkCommunicator('allReduce', comm)
  const tensors = leaves(tree, 'allReduce')
  if (by === 'mean') for (const t of tensors) floatDType('allReduce', t)
  if (comm.size === 1) return tree
  const compress = by === 'max' ? undefined : options.compress
  const all: AnyTensor[] = [...tensors]
  for (const indices of bucketsOf(tensors)) {
    const parts = indices.map((i) => tensors[i] as AnyTensor)
    const vector = reducedVector(comm, vectorOf(parts), by === 'max' ? 'max' : 'sum', compress)
    tensorsIn(vector, parts).forEach((t, i) => {
      all[indices[i] as number] = t
    })
  }
  return rebuild(tree, by === 'mean' ? all.map((t) => scale(t as Tensor, 1 / comm.size)) : all)
}
