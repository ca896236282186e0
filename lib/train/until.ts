import { StructureError } from '../error/tensorError.ts'
import { describe } from '../tensor/data.ts'

/** A signal to stop, as an `AbortSignal` is; named here, so that neither the types of browsers nor those of Node are needed. */
export interface StopSignal {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/** A signal is aborted or not, and can be listened to. */
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
 * What a promise gives, or what `stop` gives if the signal is aborted first. What is registered on the signal is taken away when the
 * promise settles, so that a signal which outlives many runs holds none of them.
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
 * The items of a source, until a signal is aborted: that ends a wait for the next item too. A source that was being waited for is told
 * to close and is then left to itself, for it cannot close before its wait is over; one that was not is closed before this ends.
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
