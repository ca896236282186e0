import { type Communicator, trainingOf } from './communicator.ts'

const nothing = (): void => {}

/**
 * The communicator of a process that runs alone: rank 0 of 1, whose sums are its own numbers. A program written for
 * many ranks runs with it as it is.
 *
 * @example
 * import { oneProcess } from 'pullback'
 * const numbers = Float64Array.of(1, 2)
 * oneProcess.allReduce(numbers, 'sum')
 * numbers // => Float64Array.of(1, 2)
 * oneProcess.size // => 1
 */
export const oneProcess: Communicator = {
  name: 'one process',
  rank: 0,
  size: 1,
  allReduce: nothing,
  begin: () => nothing,
  allGather: (bytes) => [bytes.slice()],
  broadcast: (bytes) => bytes.slice(),
  barrier: nothing,
  abort: (reason) => {
    throw new Error(reason)
  },
  close: nothing,
  training: trainingOf,
}
