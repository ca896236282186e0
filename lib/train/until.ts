import { StructureError } from '../error/tensorError.ts'
import { describe } from '../tensor/data.ts'

/**
 * A signal to stop, such as an `AbortSignal`; declared here, so that the types of neither browsers nor Node are needed.
 */
export interface StopSignal {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/** Checks that a value is a signal: it has a state and can be listened to. */
export const checkSignal = (op: string, signal: StopSignal | undefined): void => {
  if (signal === undefined || typeof signal?.addEventListener === 'function') return
  throw new StructureError({
    op,
    expected: 'a signal to stop',
    actual: describe(signal),
    remedy: 'new AbortController().signal is one',
  })
}

const end = { done: true, value: undefined } as const

/**
 * The result of a promise, or that of `stop` if the signal is aborted first. The listener is removed from the signal
 * when the promise settles, so that a signal that outlives many runs does not hold on to them.
 */
const unlessAborted = <A>(promise: Promise<A>, signal: StopSignal, stop: () => A): Promise<A> =>
  new Promise((resolve, reject) => {
    const forget = (): void => signal.removeEventListener('abort', aborted)
    const aborted = (): void => {
      forget()
      resolve(stop())
    }
    if (signal.aborted) aborted()
    else signal.addEventListener('abort', aborted)
    promise.finally(forget).then(resolve, reject)
  })

/**
 * The items of a source until a signal is aborted, which also ends the wait for the next item. A source that was being
 * waited for is told to close and is not awaited, since it cannot close before its wait is over; any other is closed
 * before this ends.
 */
export const until = <B>(data: AsyncIterable<B> | Iterable<B>, signal: StopSignal | undefined): AsyncIterable<B> => ({
  [Symbol.asyncIterator]: () => {
    const items = Symbol.asyncIterator in data ? data[Symbol.asyncIterator]() : data[Symbol.iterator]()
    const close = async (): Promise<IteratorResult<B>> => {
      await items.return?.()
      return end
    }
    const abandon = (): IteratorResult<B> => {
      close().catch(() => {})
      return end
    }
    return {
      next: async () => {
        if (signal?.aborted) return close()
        const next = items.next()
        return signal !== undefined && Symbol.asyncIterator in data
          ? unlessAborted(Promise.resolve(next), signal, abandon)
          : next
      },
      return: close,
    }
  },
})
