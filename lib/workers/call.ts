import type { ReducibleFormat } from '../comm/check.ts'
import type { Reduction } from '../comm/group.ts'
import { type Failure, named } from './failure.ts'

/** A call as two numbers, in which all ranks have to agree: its kind, and how many numbers it has or whose they are. */
export type Call = readonly [kind: number, detail: number]

/** The kinds of calls; '#' stands for the detail. */
const kinds = [
  'barrier',
  'allGather',
  'broadcast from rank #',
  ...['float32', 'float64', 'int32'].flatMap((format) =>
    ['sum', 'max'].map((by) => `allReduce of # numbers (${format}, ${by})`),
  ),
]

export const barrierCall: Call = [0, 0]
export const gatherCall: Call = [1, 0]
export const broadcastCall = (from: number): Call => [2, from]
export const reduceCall = (format: ReducibleFormat, by: Reduction, length: number): Call => [
  kinds.indexOf(`allReduce of # numbers (${format}, ${by})`),
  length,
]

/** What is wrong with calls that the ranks have made together: they differ. */
export const difference = (calls: readonly Call[]): Failure => {
  const said = calls.map(([kind, detail]) => `${kinds[kind]}`.replace('#', `${detail}`))
  const ranksWith = (test: (call: string) => boolean): readonly number[] =>
    said.flatMap((call, rank) => (test(call) ? [rank] : []))
  return {
    ranks: ranksWith((call) => call !== said[0]),
    expected: 'the same call on every rank',
    actual: [...new Set(said)].map((call) => `${call} on ${named(ranksWith((other) => other === call))}`).join(', '),
    remedy: 'let all ranks make the same calls in the same order, with numbers of one length and format',
    code: 'ranks-differ',
  }
}
