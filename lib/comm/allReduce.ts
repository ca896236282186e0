import { ValueError } from '../error/tensorError.ts'
import { exchanged } from '../kernel/exchange.ts'
import { scale } from '../op/elementwise/scale.ts'
import { describe } from '../tensor/data.ts'
import { fresh, raw } from '../tensor/view.ts'
import { leaves, rebuild, type Tree } from '../tree/tree.ts'
import type { AnyTensor, Tensor } from '../type/tensor.ts'
import { bucketsOf, tensorsIn, vectorOf } from './buckets.ts'
import { checkCommunicator } from './checkCommunicator.ts'
import type { Communicator, Reduction } from './communicator.ts'

/** The numbers of tensors reduced over ranks; several messages may be under way. */
const reduced = (comm: Communicator, tensors: readonly AnyTensor[], by: Reduction): readonly AnyTensor[] => {
  const found: AnyTensor[] = [...tensors]
  for (const indices of bucketsOf(tensors)) {
    const parts = indices.map((i) => tensors[i] as AnyTensor)
    const vector = vectorOf(parts)
    const [numbers] = exchanged([raw(vector)], (n) => comm.begin(n as Float32Array, by))
    tensorsIn(fresh(vector.shape, numbers as Float32Array) as Tensor, parts).forEach((t, i) => {
      found[indices[i] as number] = t
    })
  }
  return found
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
export const allReduce = <T extends Tree>(comm: Communicator, tree: T, by: 'sum' | 'mean' | 'max'): T => {
  if (!reductions.includes(by))
    throw new ValueError({
      op: 'allReduce',
      expected: `one of ${reductions.join(', ')}`,
      actual: describe(by),
      code: 'unknown-choice',
    })
  checkCommunicator('allReduce', comm)
  const tensors = leaves(tree, 'allReduce')
  if (comm.size === 1) return tree
  const all = reduced(comm, tensors, by === 'max' ? 'max' : 'sum')
  return rebuild(tree, by === 'mean' ? all.map((t) => scale(t as Tensor, 1 / comm.size)) : all)
}
