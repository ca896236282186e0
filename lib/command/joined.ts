import { type Communicator, oneProcess } from '../index.ts'
import { Failure, found } from './failure.ts'
import { size } from './place.ts'

/** Seconds: rank 0 may take its time to save a checkpoint. */
const patience = 25

/** The group of ranks, once all have come. A process that was started alone has one of its own, and needs no MPI. */
export const joined = async (): Promise<Communicator> => {
  if (size === 1) return oneProcess
  const { mpi } = await import('../mpi/index.ts')
  const comm = found(mpi({ patience }))
  if (size === undefined || comm.size === size) return comm
  const actual = `${comm.size} by ${comm.name}; let mpirun be that of the library`
  throw new Failure(`expected ${size} ranks, as mpirun says, got ${actual}`, 'no-ranks')
}
