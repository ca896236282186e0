export type { Ranks } from './group.ts'
export { inRank } from './inRank.ts'
export type { RankWorker } from './port.ts'
export { type RanksOptions, startRanks } from './startRanks.ts'
