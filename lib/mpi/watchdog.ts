import { Worker } from 'node:worker_threads'
import { RankError } from '../error/rankError.ts'
import { report } from './report.ts'
import { type Watched, watch } from './watch.ts'

const startSeconds = 30

/**
 * Starts the thread that watches over this rank; returns a function that waits until all ranks have left, after which
 * MPI may be finalized. It keeps no process alive.
 */
export const startWatchdog = (watched: Omit<Watched, 'states'>): (() => void) => {
  const states = new SharedArrayBuffer(12)
  const [watches, shallEnd, hasEnded] = [0, 1, 2]
  const cells = new Int32Array(states)
  // Some compilers put calls of a helper of this name into functions.
  const code = `const __name = (f) => f; (${watch})(require, require('node:worker_threads').workerData, ${report})`
  const worker = new Worker(code, { eval: true, workerData: { ...watched, states }, execArgv: [], env: {} })
  worker.unref()
  if (Atomics.wait(cells, watches, 0, startSeconds * 1000) === 'timed-out')
    throw new RankError({
      op: 'mpi',
      expected: `the thread of the watchdog to start within ${startSeconds} s`,
      actual: 'none',
      ranks: [watched.rank],
    })
  return () => {
    Atomics.store(cells, shallEnd, 1)
    Atomics.notify(cells, shallEnd)
    Atomics.wait(cells, hasEnded, 0)
  }
}
