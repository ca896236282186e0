interface Scheduling {
  readonly setImmediate?: (f: () => void) => unknown
  readonly MessageChannel?: typeof MessageChannel
}

/** Runs a function after what waits to be done, by a message: it is not held back as nested timers and those of hidden pages are. */
const byMessage = (f: () => void, Channel: typeof MessageChannel): void => {
  const { port1, port2 } = new Channel()
  port1.onmessage = () => {
    port1.close()
    f()
  }
  port2.postMessage(null)
}

/**
 * Lets what waits be done: events, messages, timers. Resumes without delay where there is a way to, `setImmediate` or a message;
 * a timer would cost 4 ms each time in a page, and a second in one that is hidden.
 */
export const breathe = (): Promise<void> =>
  new Promise((resolve) => {
    const { setImmediate, MessageChannel } = globalThis as Scheduling
    if (setImmediate !== undefined) setImmediate(resolve)
    else if (MessageChannel !== undefined) byMessage(resolve, MessageChannel)
    else setTimeout(resolve)
  })
