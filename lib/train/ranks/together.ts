// Forward and backward over a minibatch whose examples several ranks share.
import { allReduce } from '../../comm/allReduce.ts'
import { sumOfBlocks } from '../../comm/blocks.ts'
import type { Group } from '../../comm/group.ts'
import { blocksOf, rangeOf, type Shard } from '../../comm/shard.ts'
import { scoped } from '../../diff/scope.ts'
import { StructureError, ValueError } from '../../error/tensorError.ts'
import type { Layer } from '../../layer/layer.ts'
import { exchanges } from '../../layer/structure.ts'
import { definitionOf, type Loss, type Reductions, type Scalar } from '../../loss/loss.ts'
import { div } from '../../op/elementwise/div.ts'
import { scale } from '../../op/elementwise/scale.ts'
import { broadcast, sum } from '../../op/reduce/sum.ts'
import { concat } from '../../op/shape/concat.ts'
import { slice } from '../../op/shape/slice.ts'
import { foldIn } from '../../random/key.ts'
import { full, zeros } from '../../tensor/create.ts'
import { entries, leaves, mapTree, rebuild, type Tree, zipMany } from '../../tree/tree.ts'
import type { Batch } from '../../type/port.ts'
import type { AnyTensor, Float, Tensor } from '../../type/tensor.ts'
import { type Around, type Given, slopeOf } from '../slope.ts'

/** The blocks in which a minibatch is run, if the sum is to be exact, and the compression of gradients. */
export interface Together {
  readonly block: number | undefined
  readonly compress: 'bfloat16' | undefined
}

/** The sums over the ranks, in one message; compressed gradients are another. */
const summed = <T extends { readonly gradient: Tree }>(comm: Group, sums: T, compress: Together['compress']): T => {
  if (compress === undefined) return allReduce(comm, sums as never, 'sum')
  const { gradient, ...rest } = sums
  return {
    ...(allReduce(comm, rest as never, 'sum') as object),
    gradient: allReduce(comm, gradient, 'sum', { compress }),
  } as T
}

/** A rank's part of a minibatch. */
export type Share<I> = Given<I> & { readonly shard: Shard }

// biome-ignore lint/suspicious/noExplicitAny: what the loss takes is known to the signatures of the step
export type AnyLoss = Loss<any, any>

/** True for the numbers of a state that examples have made, of which there is a mean: no frozen parameter, no count. */
const isMean = ([path, t]: readonly [path: readonly string[], t: AnyTensor]): boolean =>
  t.dtype !== 'int32' && !path.includes('frozen')

/** The numbers of a state of which the ranks take the mean. */
const meansIn = (state: unknown): readonly Tensor[] =>
  entries(state as Tree, 'trainStep').flatMap((entry) => (isMean(entry) ? [entry[1] as Tensor] : []))

/** A state with other means. */
const withMeans = <S>(state: S, means: readonly Tensor[]): S => {
  let next = 0
  const all = entries(state as Tree, 'trainStep').map((entry) => (isMean(entry) ? (means[next++] as Tensor) : entry[1]))
  return rebuild(state as Tree, all) as S
}

const divided = <T extends Tree>(tree: T, by: Scalar): T =>
  mapTree(tree, (t) => div(t as Tensor, broadcast(by, t.shape) as Tensor))

const joined = (parts: readonly Tree[]): Tree =>
  parts.length === 1
    ? (parts[0] as Tree)
    : (zipMany('trainStep', parts as readonly [Tree, ...Tree[]], 1, (...xs) => [concat(xs, 0)])[0] as Tree)

/** Checks that a part is the one that belongs to this rank; returns the end of it. */
const checkShare = (comm: Group, block: number | undefined, input: unknown, { first, of }: Shard): number => {
  if (of === 0)
    throw new ValueError({
      op: 'trainStep',
      expected: 'at least one example to take the mean over',
      actual: 'an empty batch',
      code: 'empty-batch',
    })
  const [from, end] = rangeOf(comm, of, block ?? 1)
  const rows = leaves(input as Tree)[0]?.shape[0]
  if (first === from && rows === end - from) return end
  const size = block === undefined ? '' : ` in blocks of ${block}`
  throw new StructureError({
    op: 'trainStep',
    expected: `the examples ${from} to ${end} of ${of} on rank ${comm.rank} of ${comm.size}${size}`,
    actual: `${rows} from ${first}`,
    code: 'batch-mismatch',
    remedy: 'give sharded the same communicator, and the block that exact has',
  })
}

/** The sums over examples that ranks add up. Those of the state are means: each part counts by its examples. */
type Sums<P extends Tree> = {
  readonly value: Scalar
  readonly gradient: P
  /** The sum of the weights of the examples, if they have any, by which all is divided at the end. */
  readonly weights: readonly Scalar[]
  readonly state: readonly Tensor[]
}

/** The sums over no examples. */
const nothing = <P extends Tree>(params: P, state: unknown, hasWeights: boolean): Sums<P> => {
  const value = zeros([], leaves(params)[0]?.dtype as Float) as Scalar
  const gradient = mapTree(params, (t) => zeros(t.shape, t.dtype))
  const means = meansIn(state).map((t) => zeros(t.shape, t.dtype) as Tensor)
  return { value, gradient, weights: hasWeights ? [value] : [], state: means }
}

/**
 * The loss of a whole minibatch, its gradient and the next state, the same on each rank; and the output for the rank's
 * own examples. Without `block` each rank runs its part as one, and the sums are made in the fastest order. With
 * `block`, the minibatch is a list of blocks of so many examples: each is run by itself, with a random key of its own,
 * and all are added in an order that depends on their number alone. Then any number of ranks gives the same bits.
 *
 * The state of a layer, such as running moments, is the mean of the states after the parts, weighed by their examples.
 */
export const togetherOf = <I, O, P extends Tree, S>(
  layer: Layer<I, O, P, S>,
  loss: AnyLoss,
  comm: Group,
  { block, compress }: Together,
) => {
  const needsAll = exchanges(layer) // a rank without examples runs along
  const { weight } = definitionOf<unknown, unknown>('trainStep', loss)
  const slope = slopeOf(layer, (loss as Reductions<Tree, Tree>).sum as AnyLoss)

  /** Runs some examples of a minibatch of n. */
  const run = (params: P, at: Around<S>, part: Given<I>, of: number) => {
    const weigh = (lost: Scalar): Scalar => full([], weight === undefined ? 1 / of : 1, lost.dtype) as Scalar
    const { output, state, value, gradient } = slope(params, at, part, weigh)
    const weights = weight === undefined ? [] : [sum(weight(output, part.target)) as Scalar]
    const share = (leaves(part.input as Tree)[0]?.shape[0] as number) / of
    const means = meansIn(state).map((t) => scale(t, share))
    return { output, state, sums: { value, gradient, weights, state: means } }
  }

  return (params: P, at: Around<S>, { input, target, shard: { first, of } }: Share<I>) => {
    const end = checkShare(comm, block, input, { first, of })
    const size = block ?? end - first
    const part = (from: number, to: number): Given<I> => {
      const rows = <T>(tree: T): T => mapTree(tree as Tree, (t) => slice(t, [[from - first, to - first]])) as T
      return first === from && end === to ? { input, target } : { input: rows(input), target: rows(target) }
    }
    const count = end === first ? (needsAll ? 1 : 0) : Math.ceil((end - first) / size)
    const parts = Array.from({ length: count }, (_, i) => {
      const from = first + i * size
      const key = foldIn(at.key, block === undefined ? from : from / block)
      return scoped(() => run(params, { ...at, key }, part(from, Math.min(end, from + size)), of))
    })
    const own = parts.map(({ sums }) => sums)
    const like = own[0] ?? nothing(params, at.state, weight !== undefined)
    const all: Sums<P> =
      block === undefined ? summed(comm, like, compress) : sumOfBlocks(comm, own, like, blocksOf(comm.size, of, block))
    const [total] = all.weights
    const mean = { value: all.value, gradient: all.gradient }
    return {
      ...(total === undefined ? mean : divided(mean, total)),
      state: withMeans(parts.at(-1)?.state ?? at.state, all.state),
      output:
        parts.length === 0
          ? layer.apply(params, at.state, { mode: 'eval' }, input).value
          : (joined(parts.map((part) => part.output as Tree)) as Batch<O>),
    }
  }
}
