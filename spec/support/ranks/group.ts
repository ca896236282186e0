import type { Communicator } from 'pullback'
import { type MpiOptions, mpi } from 'pullback/mpi'

/** The group of ranks of a program; the error if there is none. */
export const group = (options?: MpiOptions): Communicator => {
  const found = mpi(options)
  if (found._tag === 'Left') throw found.left
  return found.right
}
