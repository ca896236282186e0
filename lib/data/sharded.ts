import { checkCommunicator } from '../comm/checkCommunicator.ts'
import type { Group } from '../comm/group.ts'
import { rangeOf, type Shard } from '../comm/shard.ts'
import { checkOptions } from '../error/options.ts'
import { StructureError } from '../error/tensorError.ts'
import { slice } from '../op/shape/slice.ts'
import { leaves, mapTree, type Tree } from '../tree/tree.ts'
import type { Tensor } from '../type/tensor.ts'
import { checkWhole } from './checkWhole.ts'
import type { Some } from './examples.ts'
import type { Source, SyncSource } from './source.ts'
import { map } from './transform.ts'

export interface ShardedOptions {
  /** The examples that stay together on one rank: parts are made of whole blocks; 1 by default. */
  readonly block?: number | undefined
}

/** A rank's part of a minibatch, which knows where it lies in it. */
export type Sharded<B> = B & { readonly shard: Shard }

/**
 * The part of each minibatch that belongs to this rank of a communicator. The source is the same on every rank: with the
 * same examples and the same key it gives the same minibatches in the same order, of which each rank takes its own
 * rows, and copies no others. Parts differ by one block at most, and a rank has none of a minibatch with fewer blocks
 * than ranks. `trainStep` with the option `comm` weighs uneven parts by the place that they know, `shard`.
 *
 * @example
 * import { batches, examples, oneProcess, range, sharded, toArray } from 'pullback'
 * const source = batches({ size: 4 })(examples({ input: range(0, 6) }))
 * const second = sharded({ ...oneProcess, rank: 1, size: 2 })(source)
 * Array.from(second.epoch(0, 0), ({ input }) => toArray(input)) // => [[2, 3], [5]]
 */
export const sharded = (comm: Group, options: ShardedOptions = {}) => {
  checkCommunicator('sharded', comm)
  checkOptions('sharded', options, ['block'])
  const { block = 1 } = options
  checkWhole('sharded', 'examples in a block', block, 1)
  const part = (batch: Tree): Sharded<Tree> => {
    if (Object.hasOwn(batch, 'shard'))
      throw new StructureError({
        op: 'sharded',
        expected: 'a source of whole minibatches',
        actual: 'one of parts of minibatches',
        remedy: 'fit and sharded take the parts of a source themselves',
      })
    const of = leaves(batch, 'sharded')[0]?.shape[0] as number
    const [first, end] = rangeOf(comm, of, block)
    const rows = mapTree(batch, (t) => slice(t as Tensor, [[first, end]]) as Tensor)
    return { ...(rows as object), shard: { first, of } } as Sharded<Tree>
  }
  function parts<B extends Tree>(source: SyncSource<B>): SyncSource<Sharded<Some<B>>>
  function parts<B extends Tree>(source: Source<B>): Source<Sharded<Some<B>>>
  function parts(source: Source<Tree>): Source<Sharded<Tree>> {
    return map(source, part)
  }
  return parts
}
