import type { Group } from './group.ts'

/** The part of a minibatch that a rank has: its first example, and the number of all. */
export interface Shard {
  readonly first: number
  readonly of: number
}

/** The ranges of the blocks of all ranks, of n examples in blocks of a size. */
export const blocksOf = (size: number, n: number, block: number): readonly (readonly [from: number, to: number])[] =>
  Array.from({ length: size }, (_, rank) => {
    const [from, to] = rangeOf({ rank, size }, n, block)
    return [Math.ceil(from / block), Math.ceil(to / block)]
  })

/**
 * The first example of a rank's part of n examples, and the one behind its last: parts are made of whole blocks, one
 * behind the other, and differ by one block at most. A rank may have none.
 */
export const rangeOf = (
  { rank, size }: Pick<Group, 'rank' | 'size'>,
  n: number,
  block: number,
): readonly [from: number, to: number] => {
  const blocks = Math.ceil(n / block)
  const start = (r: number): number => Math.min(n, block * Math.floor((blocks * r) / size))
  return [start(rank), start(rank + 1)]
}
