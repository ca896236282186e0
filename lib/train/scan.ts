/** A signal to stop, as an `AbortSignal` is; named here, so that neither the types of browsers nor those of Node are needed. */
export interface StopSignal {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: () => void, options?: { readonly once: boolean }): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/** A step of a run: from a state and an item of data to the next state and what the step tells. */
export type ScanStep<A, B, M> = (state: A, item: B) => readonly [A, M]

/**
 * Folds a step over data and gives every state along the way, lazily. Whoever takes them shows progress, keeps checkpoints,
 * or stops early by leaving the loop. Returns the last state.
 *
 * @example
 * import { scanSync } from 'pullback'
 * const sum = (total: number, x: number) => [total + x, x] as const
 * Array.from(scanSync(sum, 0, [1, 2, 3]), ([total]) => total) // => [1, 3, 6]
 */
export function* scanSync<A, B, M>(
  step: ScanStep<A, B, M>,
  start: A,
  data: Iterable<B>,
): Generator<readonly [A, M], A> {
  let state = start
  for (const item of data) {
    const result = step(state, item)
    state = result[0]
    yield result
  }
  return state
}

/** How long a run may keep a page or a server from its other work, in milliseconds. */
const patience = 12

const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

/** Settles when the signal is aborted; never without one. */
const aborted = (signal: StopSignal | undefined): Promise<'aborted'> =>
  new Promise((resolve) => {
    if (signal?.aborted) resolve('aborted')
    else signal?.addEventListener('abort', () => resolve('aborted'), { once: true })
  })

/**
 * As `scanSync`, for data that may come asynchronously. Lets other work happen every few milliseconds, so that a page stays
 * alive while it trains. A signal that is aborted ends the run after the step under way, without waiting for more data; the last
 * state is returned.
 *
 * @example
 * import { scan } from 'pullback'
 * const totals: number[] = []
 * for await (const [total] of scan((a: number, b: number) => [a + b, b] as const, 0, [1, 2, 3])) totals.push(total)
 * totals // => [1, 3, 6]
 */
export async function* scan<A, B, M>(
  step: ScanStep<A, B, M>,
  start: A,
  data: AsyncIterable<B> | Iterable<B>,
  { signal }: { readonly signal?: StopSignal | undefined } = {},
): AsyncGenerator<readonly [A, M], A> {
  const items = Symbol.asyncIterator in data ? data[Symbol.asyncIterator]() : data[Symbol.iterator]()
  const stop = aborted(signal)
  let state = start
  let since = performance.now()
  try {
    while (!signal?.aborted) {
      const next = await Promise.race([items.next(), stop])
      if (next === 'aborted' || next.done) break
      const result = step(state, next.value)
      state = result[0]
      yield result
      if (performance.now() - since > patience) {
        await breathe()
        since = performance.now()
      }
    }
  } finally {
    await items.return?.()
  }
  return state
}
