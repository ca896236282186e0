import { checkOptions } from '../error/options.ts'
import { breathe } from './breathe.ts'
import { checkResult, checkRun } from './checkRun.ts'
import { checkSignal, type StopSignal, until } from './until.ts'

/** A step of a run: from a state and an item of data to the next state and the metrics of the step. */
export type ScanStep<A, B, M> = (state: A, item: B) => readonly [A, M]

/**
 * Folds a step over data and yields every state along the way, lazily. The caller may show progress, save checkpoints,
 * or stop early by leaving the loop. Returns the last state.
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
  checkRun('scanSync', step, data)
  let state = start
  for (const item of data) {
    const result = checkResult('scanSync', step(state, item))
    state = result[0]
    yield result
  }
  return state
}

/** The longest time that a run blocks other work of a page or a server, in milliseconds. */
const patience = 12

/**
 * `scanSync` for data that may come asynchronously. It lets other work run every few milliseconds, so that a page stays
 * responsive while it trains. An aborted signal ends the run after the current step, without waiting for more data, and
 * the last state is returned. A source that was being waited for is told to close, but neither its closing nor an error
 * of it is awaited: give it the same signal.
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
  options: { readonly signal?: StopSignal | undefined } = {},
): AsyncGenerator<readonly [A, M], A> {
  checkOptions('scan', options, ['signal'])
  checkRun('scan', step, data)
  checkSignal('scan', options.signal)
  let state = start
  let since = performance.now()
  for await (const item of until(data, options.signal)) {
    const result = checkResult('scan', step(state, item as B))
    state = result[0]
    yield result
    if (performance.now() - since > patience) {
      await breathe()
      since = performance.now()
    }
  }
  return state
}
