import type { TrainingOnRanks } from './communicator.ts'

/** What a run does that has no communicator: all by itself. */
export const alone: Omit<TrainingOnRanks, 'slopeOf'> = {
  sharesOf: (source) => source,
  checkRanks: () => {},
  checkLearnt: () => {},
  ownCounts: ({ sums, streams = {} }) => ({ sums, streams }),
  pooled: (_, __, own) => own,
  anyOf: (own) => own,
  ofFirst: (own) => own,
  runsHere: () => true,
  outputsOfAll: (own) => [...own.values()],
}
