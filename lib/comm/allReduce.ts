import { checkOptions } from '../error/options.ts'
import { ValueError } from '../error/tensorError.ts'
import { exchanged } from '../kernel/exchange.ts'
import type { Exchange } from '../kernel/kernels.ts'
import { scale } from '../op/elementwise/scale.ts'
import { describe } from '../tensor/data.ts'
import { fresh, raw } from '../tensor/view.ts'
import { leaves, rebuild, type Tree } from '../tree/tree.ts'
import type { AnyTensor, Tensor } from '../type/tensor.ts'
import { sumAsBfloat16 } from './bfloat16.ts'
import { bucketsOf, tensorsIn, vectorOf } from './buckets.ts'
import { checkCommunicator } from './checkCommunicator.ts'
import type { Communicator, Reduction } from './communicator.ts'

/** How numbers are reduced. */
interface How {
  readonly by: Reduction
  readonly compress: 'bfloat16' | undefined
}

const exchangeBy =
  (comm: Communicator, { by, compress }: How): Exchange =>
  (numbers) => {
    if (compress === undefined || !(numbers instanceof Float32Array)) return comm.begin(numbers as Float64Array, by)
    sumAsBfloat16(comm, numbers)
    return undefined
  }

/** The numbers of tensors reduced over ranks; several messages may be under way. */
const reduced = (comm: Communicator, tensors: readonly AnyTensor[], how: How): readonly AnyTensor[] => {
  const found: AnyTensor[] = [...tensors]
  for (const indices of bucketsOf(tensors)) {
    const parts = indices.map((i) => tensors[i] as AnyTensor)
    const vector = vectorOf(parts)
    const [numbers] = exchanged([raw(vector)], exchangeBy(comm, how))
    tensorsIn(fresh(vector.shape, numbers as Float32Array) as Tensor, parts).forEach((t, i) => {
      found[indices[i] as number] = t
    })
  }
  return found
}

export interface AllReduceOptions {
  /**
   * Sends float32 numbers as bfloat16, in half the bytes and with 8 bits of precision, for sums and means over slow
   * networks. The sums are of float32.
   */
  readonly compress?: 'bfloat16' | undefined
}

/** Error for another compression than the one that there is. */
export const checkCompress = (op: string, compress: unknown): void => {
  if (compress === undefined || compress === 'bfloat16') return
  throw new ValueError({
    op,
    expected: "'bfloat16', or no compression",
    actual: describe(compress),
    code: 'unknown-choice',
  })
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
  comm: Communicator,
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
  if (comm.size === 1) return tree
  const compress = by === 'max' ? undefined : options.compress
  const all = reduced(comm, tensors, { by: by === 'max' ? 'max' : 'sum', compress })
  return rebuild(tree, by === 'mean' ? all.map((t) => scale(t as Tensor, 1 / comm.size)) : all)
}
