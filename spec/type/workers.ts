import type { Worker as NodeWorker } from 'node:worker_threads'
import type { Communicator } from 'pullback'
import { inRank, type RankWorker, startRanks } from 'pullback/workers'
import { type Equal, yes } from './equal.ts'

declare const page: Worker
declare const node: NodeWorker

// workers of pages and of Node are workers of ranks
export const workers: readonly RankWorker[] = [page, node]
const ranks = startRanks(2, (rank) => (rank === 0 ? page : node), { patience: 5, input: { seed: 1 } })
yes<Equal<typeof ranks.result, Promise<readonly unknown[]>>>()
// @ts-expect-error a port is no worker
startRanks(2, () => new MessageChannel().port1)

// what a rank is given has to be looked at before it is used
inRank((comm, input) => {
  yes<Equal<typeof comm, Communicator>>()
  yes<Equal<typeof input, unknown>>()
})
