import type { ValueError } from '../error/tensorError.ts'
import type { Calls } from './calls.ts'
import type { Handle } from './handles.ts'
import { noRanks } from './library.ts'

/** MPI_THREAD_MULTIPLE: the watchdog calls MPI while this thread does. */
const manyThreads = 3

/** What a function of MPI writes to where it is told. */
const written = (write: (to: Int32Array) => void): number => {
  const to = new Int32Array(1)
  write(to)
  return to[0] as number
}

/** Begins MPI in this process; the error if it has begun before, or if the library is for a single thread. */
export const beginMpi = ({ initialized, initThread, handles, returnErrors }: Calls): ValueError | undefined => {
  if (written(initialized) !== 0) {
    const actual = 'one in which another thread or package has begun it'
    return noRanks('a process in which MPI has not begun', actual, 'call mpi in one thread only')
  }
  const level = written((to) => initThread(null, null, manyThreads, to))
  if (level !== manyThreads)
    return noRanks('a library for several threads', `level ${level} of 3`, 'install Open MPI, from version 4 on')
  returnErrors(handles.world, handles.errorsReturn)
  return undefined
}

/** The name and version of the library: 'Open MPI 4.1.4'. */
export const nameOf = ({ version }: Calls): string => {
  const text = new Uint8Array(8192)
  const length = written((to) => version(text, to))
  const said = new TextDecoder().decode(text.subarray(0, length))
  return (/^(?:Open MPI|\w+)\D*[\d.]+/.exec(said)?.[0] ?? 'another library').replace(/\s*(v|Version:)\s*/, ' ')
}

/** The number of this rank, and how many there are. */
export const ranksOf = ({ rank, size, handles: { world } }: Calls): readonly [rank: number, size: number] => [
  written((to) => rank(world, to)),
  written((to) => size(world, to)),
]

/** A communicator of the same ranks, whose messages are apart from those of all others. */
export const copyOfWorld = ({ duplicate, handles: { world, type } }: Calls): Handle => {
  const copy = new BigInt64Array(1)
  duplicate(world, copy)
  return (type === 'int' ? new Int32Array(copy.buffer) : copy)[0] as Handle
}
