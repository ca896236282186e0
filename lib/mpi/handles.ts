import type { ReducibleFormat } from '../comm/check.ts'
import type { Reduction } from '../comm/group.ts'
import type { Loaded } from './library.ts'

/** A name of the library for a communicator, a number format or an operation: an address, or a number. */
export type Handle = bigint | number

export interface Handles {
  /** The type of a handle as koffi spells it. */
  readonly type: 'void *' | 'int'
  readonly world: Handle
  readonly errorsReturn: Handle
  readonly byte: Handle
  readonly formats: Readonly<Record<ReducibleFormat, Handle>>
  readonly reductions: Readonly<Record<Reduction, Handle>>
  /** Given as an address of numbers: those at the other address are the rank's own. */
  readonly inPlace: bigint
  /** Given as the number of a rank: any. */
  readonly anySource: number
}

/** Open MPI exports a structure for each, and its address is the handle. */
const ofOpenMpi = ({ symbol }: Loaded): Handles => ({
  type: 'void *',
  world: symbol('ompi_mpi_comm_world'),
  errorsReturn: symbol('ompi_mpi_errors_return'),
  byte: symbol('ompi_mpi_byte'),
  formats: { float32: symbol('ompi_mpi_float'), float64: symbol('ompi_mpi_double'), int32: symbol('ompi_mpi_int') },
  reductions: { sum: symbol('ompi_mpi_op_sum'), max: symbol('ompi_mpi_op_max') },
  inPlace: 1n,
  anySource: -1,
})

/** The numbers of MPICH, which its ABI fixes for all libraries that follow it. */
const ofMpich: Handles = {
  type: 'int',
  world: 0x44000000,
  errorsReturn: 0x54000001,
  byte: 0x4c00010d,
  formats: { float32: 0x4c00040a, float64: 0x4c00080b, int32: 0x4c000405 },
  reductions: { sum: 0x58000003, max: 0x58000001 },
  inPlace: -1n,
  anySource: -2,
}

const isOpenMpi = ({ symbol }: Loaded): boolean => {
  try {
    return symbol('ompi_mpi_comm_world') !== 0n
  } catch {
    return false
  }
}

/** The handles of a library: they are no part of the standard, and Open MPI has others than MPICH. */
export const handlesOf = (library: Loaded): Handles => (isOpenMpi(library) ? ofOpenMpi(library) : ofMpich)
