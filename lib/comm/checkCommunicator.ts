import { StructureError } from '../error/tensorError.ts'
import { describe } from '../tensor/data.ts'
import type { Communicator } from './communicator.ts'

/** Error for a value that is not a communicator, such as an Either that holds one. */
export const checkCommunicator = (op: string, comm: unknown): void => {
  const { rank, size, allReduce } = (typeof comm === 'object' && comm !== null ? comm : {}) as Partial<Communicator>
  if (typeof rank === 'number' && typeof size === 'number' && typeof allReduce === 'function') return
  throw new StructureError({
    op,
    expected: 'a communicator',
    actual: describe(comm),
    remedy: 'oneProcess is one; mpi() gives an Either, whose .right is one',
  })
}
