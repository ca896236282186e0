// A rank of bench:ranks: KIND PLAN. It measures together with the other ranks, and the first one prints what was found.
import { isMainThread, Worker } from 'node:worker_threads'
import { type Communicator, oneProcess } from 'pullback'
import { mpi } from 'pullback/mpi'
import { inRank, startRanks } from 'pullback/workers'
import * as E from '#fp/Either'
import { measure } from './measure.ts'
import type { Plan } from './plan.ts'

const say = (found: unknown): void => console.log(JSON.stringify(found))

const group = (kind: string): Communicator => {
  if (kind === 'alone') return oneProcess
  const found = mpi()
  if (E.isLeft(found)) throw found.left
  return found.right
}

export const rank = async (args: readonly string[]): Promise<void> => {
  const [kind = '', plan = ''] = args
  const work = (comm: Communicator) => measure(comm, JSON.parse(plan) as Plan)
  if (!isMainThread) return inRank(work)
  if (kind === 'workers') {
    const make = (): Worker => new Worker(new URL(import.meta.url), { argv: [...args] })
    return say((await startRanks(2, make).result)[0])
  }
  const comm = group(kind)
  const found = await work(comm)
  if (comm.rank === 0) say(found)
}
