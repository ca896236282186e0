import { writeSync } from 'node:fs'
import { inspect } from 'node:util'

interface Ending {
  readonly rank: number
  readonly size: number
  readonly isClosed: () => boolean
  /** Leaves the group in good order. */
  readonly close: () => void
  /** Ends all ranks with an exit status. */
  readonly abort: (status: number) => void
}

/** Prints what a rank has to say, at once, since the process may be about to end. */
export const say = ({ rank, size }: Pick<Ending, 'rank' | 'size'>, what: string): void => {
  try {
    writeSync(2, `rank ${rank} of ${size}: ${what}\n`)
  } catch {
    // Nobody reads it any more.
  }
}

/**
 * A process that ends leaves the group: with status 0 in good order, else it ends the other ranks with the same status,
 * since they would wait for it. It prints its rank with the status, or with the error that nobody has caught. One that
 * has left before ends with any status.
 */
export const endWithProcess = (ending: Ending): void => {
  const { size, isClosed, close, abort } = ending
  let said: string | undefined
  process.on('uncaughtExceptionMonitor', (e) => {
    if (process.listenerCount('uncaughtException') === 0) said = inspect(e)
  })
  process.on('exit', (status) => {
    if (isClosed()) return
    if (status === 0 || size === 1) return close()
    say(ending, said ?? `ended with status ${status}`)
    abort(status)
  })
}
