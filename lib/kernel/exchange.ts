// Numbers that a step exchanges with others who make the same step: the sum of gradients over ranks.
import type { Data } from '../tensor/data.ts'
import { isContiguous } from '../tensor/pack.ts'
import { residentOf } from '../tensor/resident.ts'
import { fresh, type Raw, raw } from '../tensor/view.ts'
import { engine } from './current.ts'
import type { Exchange } from './kernels.ts'

/** The results of the exchanges of a step, and how many of them it has used since it was begun. */
interface Log {
  readonly results: (readonly Data[])[]
  used: number
}
let log: Log | undefined

/**
 * Runs a scope, whose step calls `begin` first. If it is begun again, since memory has to grow, its exchanges give what
 * they have given before: nobody else takes part a second time.
 */
export const exchangingOnce = <A>(scope: (begin: () => void) => A): A => {
  if (log !== undefined) return scope(() => {})
  const own: Log = { results: [], used: 0 }
  log = own
  try {
    return scope(() => {
      own.used = 0
    })
  } finally {
    log = undefined
  }
}

/** A copy of numbers, which may be changed. */
const copyOf = (x: Raw): Data => {
  const data = engine().copy(x)
  return residentOf(data)?.numbers().slice() ?? data
}

/**
 * The numbers of tensors after an exchange, each in row-major order. It is the one way in which a step may communicate:
 * an engine that records the step repeats the exchange at each run, in place where nobody else needs the numbers, and
 * waits for its end when somebody does.
 */
export const exchanged = (tensors: readonly Raw[], exchange: Exchange): readonly Data[] => {
  const { exchange: record } = engine()
  if (record !== undefined) {
    const rows = tensors.map((x) => (isContiguous(x) ? x : raw(fresh(x.shape, engine().copy(x)))))
    return record(rows, exchange)
  }
  const done = log?.results[log.used]
  if (log !== undefined) log.used++
  if (done !== undefined) return done.map((data) => data.slice())
  const copies = tensors.map(copyOf)
  exchange(...copies)?.()
  log?.results.push(copies.map((data) => data.slice()))
  return copies
}
