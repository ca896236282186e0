/** The longest time that a run, or the reading of a table, blocks other work of a page or a server, in milliseconds. */
export const patience = 12

/**
 * When a run last gave way to other work. All runs of a thread share its one queue of work, so they share this time:
 * many short runs, one after the other, must not block longer than a long one.
 */
let since = Number.NEGATIVE_INFINITY

/** True if other work may have waited for `patience` milliseconds. */
export const isDue = (): boolean => performance.now() - since > patience

interface Scheduling {
  readonly setImmediate?: (f: () => void) => unknown
  readonly MessageChannel?: typeof MessageChannel
}

/**
 * Runs a function after pending work, by a message: unlike nested timers and those of hidden pages, messages are not
 * delayed.
 */
const byMessage = (f: () => void, Channel: typeof MessageChannel): void => {
  const { port1, port2 } = new Channel()
  port1.onmessage = () => {
    port1.close()
    f()
  }
  port2.postMessage(null)
}

/**
 * Lets pending work run: events, messages, timers. Resumes without delay by `setImmediate` or a message where there is
 * one; a timer would cost 4 ms each time in a page, and a second in a hidden one.
 */
export const breathe = async (): Promise<void> => {
  await new Promise<void>((resolve) => {
    const { setImmediate, MessageChannel } = globalThis as Scheduling
    if (setImmediate !== undefined) setImmediate(resolve)
    else if (MessageChannel !== undefined) byMessage(resolve, MessageChannel)
    else setTimeout(resolve)
  })
  since = performance.now()
}
