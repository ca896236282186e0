import { checkOptions, isFrom } from '../error/options.ts'
import { ValueError } from '../error/tensorError.ts'
import { type Ranks, startGroup } from './group.ts'
import { bytesOf, type Memory, memoryOf } from './memory.ts'
import type { RankWorker } from './port.ts'

export interface RanksOptions {
  /** The seconds after which a rank for which others wait counts as lost; 20 by default. `Infinity` is for debuggers. */
  readonly patience?: number | undefined
  /** What each rank is given, besides its communicator: whatever a worker can be sent. */
  readonly input?: unknown
}

/** The memory that the ranks share. */
const allocated = (size: number): Memory => {
  if (typeof SharedArrayBuffer === 'undefined')
    throw new ValueError({
      op: 'startRanks',
      expected: 'a page that may share memory with its workers',
      actual: 'one that is not cross-origin isolated',
      remedy:
        'let the server send Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp with the page, and the latter with the program of the workers too',
      code: 'no-ranks',
    })
  return memoryOf(new SharedArrayBuffer(bytesOf(size)), size)
}

const check = (size: number, options: RanksOptions): void => {
  checkOptions('startRanks', options, ['patience', 'input'])
  if (!Number.isInteger(size) || size < 1 || size > 1024)
    throw new ValueError({ op: 'startRanks', expected: 'a number of ranks from 1 to 1024', actual: `${size}` })
  const { patience = 20 } = options
  if (!isFrom(patience, 0.1, Number.POSITIVE_INFINITY))
    throw new ValueError({
      op: 'startRanks',
      expected: 'a patience of 0.1 seconds or more',
      actual: `${patience}`,
    })
}

/**
 * Starts a group of ranks, each in a worker of its own that calls `inRank`: threads of one machine, which share memory.
 * `make` makes the worker of a rank, so that a bundler sees its program: `() => new Worker(new URL('./rank.js',
 * import.meta.url), { type: 'module' })`. It may be a Web Worker or one of `node:worker_threads`. The work begins when
 * all workers have called `inRank`.
 *
 * The result is what the work of each rank has returned. Web Workers are terminated then, and workers of Node end by
 * themselves when they have nothing more to do. If a rank throws, ends before its work does, does not come for
 * `patience` seconds while others wait for it, or makes another call than the others, all workers are terminated at
 * once, and the result is rejected by a `RankError` that names the rank. Its `cause` is what the rank has thrown.
 *
 * In a browser the page has to be [cross-origin isolated](https://developer.mozilla.org/docs/Web/API/Window/crossOriginIsolated);
 * else this throws a `ValueError` that names the headers.
 *
 * @example
 * import { Worker } from 'node:worker_threads'
 * import { startRanks } from 'pullback/workers'
 * const make = () => new Worker(new URL('./rank.js', import.meta.url)) // rank.js calls inRank
 * const ranks = startRanks(2, make)
 * ranks.stop('it was an example')
 * await ranks.result.catch((e) => e.actual) // => 'a stop: it was an example'
 */
export const startRanks = (size: number, make: (rank: number) => RankWorker, options: RanksOptions = {}): Ranks => {
  check(size, options)
  const { patience = 20, input } = options
  return startGroup({ memory: allocated(size), make, patience, input })
}
