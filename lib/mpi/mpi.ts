import * as E from '#fp/Either'
import { checkOptions, isFrom } from '../error/options.ts'
import { ValueError } from '../error/tensorError.ts'
import { describe } from '../tensor/data.ts'
import type { Communicator } from '../train/ranks/communicator.ts'
import { join } from './join.ts'
import { findLibrary, type Library } from './library.ts'

export interface MpiOptions {
  /** The path of the library, if it has an unusual name. */
  readonly path?: string | undefined
  /** How many seconds a rank waits for others in one call: 20, if it is not given; `Infinity` is for debuggers. */
  readonly patience?: number | undefined
}

let joined: Communicator | undefined

/**
 * The communicator of the processes that `mpirun` has started: `mpirun -n 4 node train.js` gives four ranks, and a
 * process that was started without it is rank 0 of 1. It looks for a library of MPI (Open MPI; MPICH where there are as
 * many processors as ranks) and for the package koffi, which calls it, on this machine; the error says what is missing
 * and how to install it. Each call gives the same communicator.
 *
 * All-reductions work in place, on arrays of JavaScript and on views of WebAssembly memory, and block the thread. Sums
 * have the same bits on all ranks; their order depends on the number of ranks.
 *
 * No rank waits for ever. If one ends by an error, by a signal or with another status than 0, all end with it. If one
 * leaves in good order, or does not come to a call within `patience` seconds, or the ranks are in different calls, those
 * that wait print a `RankError` that names it, and end all with status 1. A rank that leaves waits for the others
 * without a limit; after `close` it may end with any status.
 *
 * @example
 * import { either } from 'fp-ts'
 * import { mpi } from 'pullback/mpi'
 * either.isLeft(mpi({ path: 'no/such/library.so' })) // => true
 */
export const mpi = (options: MpiOptions = {}): E.Either<ValueError, Communicator> => {
  checkOptions('mpi', options, ['path', 'patience'])
  const { path, patience = 20 } = options
  if (!isFrom(patience, 0.1, Number.POSITIVE_INFINITY))
    throw new ValueError({ op: 'mpi', expected: 'a patience of 0.1 seconds or more', actual: describe(patience) })
  if (joined !== undefined) return E.right(joined)
  const found = E.chain((library: Library) => join(library, patience))(findLibrary(path))
  if (E.isRight(found)) joined = found.right
  return found
}
