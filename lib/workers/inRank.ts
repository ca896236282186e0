import { ValueError } from '../error/tensorError.ts'
import type { Communicator } from '../train/ranks/communicator.ts'
import { communicatorOf } from './communicator.ts'
import { fail, thrownBy } from './failure.ts'
import { memoryOf } from './memory.ts'
import { type FromRank, ownPort, started } from './port.ts'

let isRank = false

/**
 * Does the work of a rank, in the program of a worker that `startRanks` has started: the function gets the communicator
 * of its group and the `input` of `startRanks`. What it returns goes to the page or program that has started the ranks,
 * and so does what it throws; a function that ends has left the group. The promise is fulfilled in either case.
 *
 * The communicator waits for other ranks by blocking its worker. If another rank is lost, whatever it calls throws a
 * `RankError`, which names that rank; then this worker is terminated. Outside of a worker, where nothing may block, the
 * promise is rejected by a `ValueError`; and so is that of a second call in one worker.
 *
 * @example
 * import { inRank } from 'pullback/workers'
 * const work = inRank((comm) => {
 *   const numbers = Float32Array.of(comm.rank)
 *   comm.allReduce(numbers, 'sum')
 *   return numbers[0]
 * })
 * // In rank.js that is all. This program runs on the main thread, where it is refused.
 * await work.catch((e) => e.code) // => 'no-ranks'
 */
export const inRank = async (work: (comm: Communicator, input: unknown) => unknown): Promise<void> => {
  const port = ownPort()
  if (port === undefined)
    throw new ValueError({
      op: 'inRank',
      expected: 'a worker, which may block while it waits for others',
      actual: 'the main thread',
      remedy: 'call it in the program of a worker that startRanks makes, or give the function oneProcess instead',
      code: 'no-ranks',
    })
  if (isRank)
    throw new ValueError({ op: 'inRank', expected: 'one call in a worker', actual: 'a second one', code: 'no-ranks' })
  isRank = true
  const { rank, size, buffer, patience, input } = await started(port)
  const memory = memoryOf(buffer, size)
  const comm = communicatorOf(memory, rank, patience)
  const tell = (message: FromRank): void => port.postMessage(message)
  try {
    const result = await work(comm, input)
    tell({ pullback: 'done', result })
    comm.close()
  } catch (e) {
    fail(memory, rank, thrownBy(rank, e))
    tell({ pullback: 'failed' })
  }
}
