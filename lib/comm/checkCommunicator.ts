import { StructureError } from '../error/tensorError.ts'
import { describe } from '../tensor/data.ts'
import type { Group } from './group.ts'

/**
 * Error for a value that is not a communicator, such as an Either that holds one; for training it needs `training` too.
 */
export const checkCommunicator = (op: string, comm: unknown, needs: 'allReduce' | 'training' = 'allReduce'): void => {
  const fields = (typeof comm === 'object' && comm !== null ? comm : {}) as Partial<
    Group & { readonly training: unknown }
  >
  if (typeof fields.rank === 'number' && typeof fields.size === 'number' && typeof fields[needs] === 'function') return
  throw new StructureError({
    op,
    expected: 'a communicator',
    actual: describe(comm),
    remedy:
      'oneProcess is one; mpi() gives an Either, whose .right is one; { ...oneProcess, ...group } is one of your own group',
  })
}
