import { type Failure, fail, failureOf, named, textOf } from './failure.ts'
import type { Memory } from './memory.ts'
import { type FromRank, hear, type RankWorker, type ToRank } from './port.ts'

/** Ranks at work. */
export interface Ranks {
  /** What the work of each rank has returned, by rank. */
  readonly result: Promise<readonly unknown[]>
  /** Terminates all workers. The result is rejected by a `RankError` with the reason. */
  readonly stop: (reason: string) => void
}

/** What the workers of a group are made of, and given. */
export interface Plan {
  readonly memory: Memory
  readonly make: (rank: number) => RankWorker
  readonly patience: number
  readonly input: unknown
}

/** Makes the workers, starts them when all are ready, and waits until all have ended their work or the group has failed. */
export const startGroup = ({ memory, make, patience, input }: Plan): Ranks => {
  const { size, buffer } = memory
  const ranks = Array.from({ length: size }, (_, rank) => rank)
  const workers: RankWorker[] = []
  const ready = new Set<number>()
  const results = new Map<number, unknown>()
  const toStart = Math.max(20, patience) // Programs may have to be loaded first.
  let over = false
  let fulfill: (results: readonly unknown[]) => void
  let reject: (error: unknown) => void
  const result = new Promise<readonly unknown[]>((...both) => {
    ;[fulfill, reject] = both
  })

  /** Ends the group for a reason, or for that of a rank which has failed before. */
  const giveUp = (failure: Failure): void => {
    if (over) return
    over = true
    clearTimeout(timer)
    fail(memory, size, failure)
    for (const worker of workers) worker.terminate()
    reject(failureOf(memory))
  }
  const lose = (rank: number, how: string): void =>
    giveUp({ ranks: [rank], expected: `rank ${rank} to end its work`, actual: how })
  const missing = (): void => {
    const late = ranks.filter((rank) => !ready.has(rank))
    const expected = `every worker to call inRank within ${toStart} s`
    giveUp({ ranks: late, expected, actual: `no call from ${named(late)}` })
  }
  const timer = Number.isFinite(patience) ? setTimeout(missing, 1000 * toStart) : undefined

  const start = (): void => {
    clearTimeout(timer)
    try {
      workers.forEach((worker, rank) => {
        worker.postMessage({ pullback: 'start', rank, size, buffer, patience, input } satisfies ToRank)
      })
    } catch (e) {
      giveUp({ ranks: [], expected: 'an input that can be sent to workers', actual: textOf(e) })
    }
  }
  const finish = (): void => {
    over = true
    for (const worker of workers) if (worker.on === undefined) worker.terminate()
    fulfill(ranks.map((rank) => results.get(rank)))
  }
  const said = (rank: number, message: FromRank): void => {
    if (over) return
    if (message.pullback === 'failed') lose(rank, 'an error')
    if (message.pullback === 'ready' && ready.add(rank).size === size) start()
    if (message.pullback === 'done' && results.set(rank, message.result).size === size) finish()
  }

  for (const rank of ranks) {
    if (over) break
    try {
      const worker = make(rank)
      workers.push(worker)
      const ended = (how: string, byError: boolean): void => {
        if (byError || !results.has(rank)) lose(rank, how)
      }
      hear(worker, (message) => said(rank, message), ended)
    } catch (e) {
      giveUp({ ranks: [rank], expected: `a worker for rank ${rank}`, actual: textOf(e) })
    }
  }
  return {
    result,
    stop: (reason) => giveUp({ ranks: [], expected: 'the ranks to end their work', actual: `a stop: ${reason}` }),
  }
}
