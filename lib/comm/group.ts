/** Numbers that ranks reduce in place. */
export type Reducible = Float32Array | Float64Array | Int32Array

/** How the numbers of all ranks become one. */
export type Reduction = 'sum' | 'max'

/**
 * A group of processes or threads that compute together. Each has a number, its *rank*, from 0 to `size` − 1. All of
 * the functions but `abort` and `close` are collective: each rank calls them in the same order, with numbers of the
 * same length and format, and waits until all have done so. `mpi()` of `pullback/mpi` gives one that spans machines,
 * `pullback/workers` one whose ranks are threads of one machine, and `oneProcess` is the one with a single rank.
 *
 * A rank that has ended, or that does not come within the time limit, is a `RankError` on the others, which names it;
 * where the group cannot go on without it, the process ends with that error.
 */
export interface Group {
  /** The name of the system that it runs on: 'MPI (Open MPI 4.1.4)', 'workers', 'one process'. */
  readonly name: string
  readonly rank: number
  readonly size: number
  /**
   * Replaces the numbers by their sum or maximum over the ranks, entry by entry; every rank gets the same bits. What the
   * maximum of a NaN and a number is depends on the group.
   */
  readonly allReduce: (numbers: Reducible, by: Reduction) => void
  /**
   * Begins such a reduction, and returns a function that waits for its end. Until then nobody may touch the numbers.
   * Several may be under way; they are waited for in the order in which they began.
   */
  readonly begin: (numbers: Reducible, by: Reduction) => () => void
  /** The bytes of each rank, by rank. Their lengths may differ. */
  readonly allGather: (bytes: Uint8Array) => readonly Uint8Array[]
  /** The bytes of one rank, for all; those that the others give are ignored. */
  readonly broadcast: (bytes: Uint8Array, from: number) => Uint8Array
  /** Waits until each rank has come here. */
  readonly barrier: () => void
  /** Ends all ranks, because this one cannot go on, and says the reason. */
  readonly abort: (reason: string) => void
  /** Leaves the group, after which nothing may be called. A process that ends in good order does so by itself. */
  readonly close: () => void
}
