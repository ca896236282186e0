import type { Data } from '../../tensor/data.ts'

/** The views of the memory that a scope has given out. */
export interface Live {
  readonly add: (data: Data) => void
  readonly has: (data: Data) => boolean
  readonly count: () => number
  /** Forgets all but the first views. */
  readonly keep: (count: number) => void
}

/**
 * Views are kept in the order in which they are made, which is that of their addresses, up or down: so they are found
 * without hashing.
 */
export const makeLive = (): Live => {
  const all: Data[] = []
  const has = (data: Data): boolean => {
    const at = data.byteOffset
    const down = all.length > 1 && (all[0] as Data).byteOffset > (all[1] as Data).byteOffset
    let [from, to] = [0, all.length - 1]
    while (from <= to) {
      const middle = (from + to) >> 1
      const candidate = all[middle] as Data
      if (candidate === data) return true
      if (candidate.byteOffset < at !== down) from = middle + 1
      else to = middle - 1
    }
    return false
  }
  return {
    add: (data) => {
      all.push(data)
    },
    has,
    count: () => all.length,
    keep: (count) => {
      all.length = count
    },
  }
}
