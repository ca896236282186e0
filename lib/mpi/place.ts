import { RankError } from '../error/rankError.ts'

/** What a rank may be doing; '#' stands for a number. The order is that of their numbers in memory. */
export const actions = {
  allReduce: 'allReduce of # numbers',
  allGather: 'allGather',
  broadcast: 'broadcast from rank #',
  barrier: 'barrier',
} as const

export type Action = keyof typeof actions

const numberOf = Object.fromEntries(Object.keys(actions).map((action, i) => [action, i])) as Record<Action, number>

/** Where a rank is in its program, in memory that its watchdog reads. */
export interface Place {
  /** Float64: twice the calls that have ended, plus 1 within a call; the number of the action; the number in its text. */
  readonly buffer: SharedArrayBuffer
  /** Runs a call, so that the watchdog knows. */
  readonly within: <A>(action: Action, n: number, call: () => A) => A
  /** No call may follow. */
  readonly close: () => void
  readonly isClosed: () => boolean
}

export const makePlace = (): Place => {
  const buffer = new SharedArrayBuffer(24)
  const cells = new Float64Array(buffer)
  let count = 0
  let isClosed = false
  return {
    buffer,
    within: (action, n, call) => {
      if (isClosed)
        throw new RankError({ op: action, expected: 'a group of ranks', actual: 'one that was left', ranks: [] })
      cells[1] = numberOf[action]
      cells[2] = n
      cells[0] = ++count
      try {
        return call()
      } finally {
        cells[0] = ++count
      }
    },
    close: () => {
      isClosed = true
    },
    isClosed: () => isClosed,
  }
}
