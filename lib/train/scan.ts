import { breathe, isDue } from '../data/breathe.ts'
import { checkOptions } from '../error/options.ts'
import { compile, manyOf } from '../program/compile.ts'
import { partsOf, type RunMany } from '../program/step.ts'
import { checkEvery, checkResult, checkRun } from './checkRun.ts'
import { inStretches } from './inStretches.ts'
import { checkSignal, type StopSignal, until } from './until.ts'

/** A step of a run: from a state and an item of data to the next state and the metrics of the step. */
export type ScanStep<A, B, M> = (state: A, item: B) => readonly [A, M]

/** How often a run gives its state. */
export interface Every {
  /** The number of steps between the states that are given, each with an array of the metrics of all steps since. */
  readonly every: number
}

/** Many steps of any function. */
const oneByOne =
  <A, B, M>(op: string, step: ScanStep<A, B, M>): RunMany<A, B, M> =>
  (start, pull, isOver) => {
    const metrics: M[] = []
    let state = start
    while (metrics.length === 0 || !isOver(metrics.length)) {
      const next = pull()
      if (next.done === true) return { state, metrics, isDone: true }
      const [after, measured] = checkResult(op, step(state, next.value))
      state = after
      metrics.push(measured)
    }
    return { state, metrics, isDone: false }
  }

/** Many steps from programs, if it is a training step: nobody sees the states between. */
const programmed = <A, B, M>(step: ScanStep<A, B, M>): RunMany<A, B, M> | undefined =>
  manyOf(step) ?? (partsOf(step) && manyOf<A, B, M>(compile(step)))

/**
 * Folds a step over data and yields every state along the way, lazily. The caller may show progress, save checkpoints,
 * or stop early by leaving the loop. Returns the last state.
 *
 * With `every`, it gives each hundredth state, say, and the last one, with an array of the metrics of all steps since.
 * A training step then runs from a program, with the same bits, and the states between never leave the engine's memory.
 *
 * @example
 * import { scanSync } from 'pullback'
 * const sum = (total: number, x: number) => [total + x, x] as const
 * Array.from(scanSync(sum, 0, [1, 2, 3]), ([total]) => total) // => [1, 3, 6]
 * Array.from(scanSync(sum, 0, [1, 2, 3], { every: 2 })) // => [[3, [1, 2]], [6, [3]]]
 */
export function scanSync<A, B, M>(step: ScanStep<A, B, M>, start: A, data: Iterable<B>): Generator<readonly [A, M], A>
export function scanSync<A, B, M>(
  step: ScanStep<A, B, M>,
  start: A,
  data: Iterable<B>,
  options: Every,
): Generator<readonly [A, readonly M[]], A>
export function* scanSync<A, B, M>(
  step: ScanStep<A, B, M>,
  start: A,
  data: Iterable<B>,
  options: { readonly every?: number | undefined } = {},
): Generator<readonly [A, M | readonly M[]], A> {
  checkOptions('scanSync', options, ['every'])
  checkRun('scanSync', step, data)
  const { every } = options
  let state = start
  if (every === undefined) {
    for (const item of data) {
      const result = checkResult('scanSync', step(state, item))
      state = result[0]
      yield result
    }
    return state
  }
  checkEvery('scanSync', every)
  const run = programmed(step) ?? oneByOne('scanSync', step)
  const items = data[Symbol.iterator]()
  let isOpen = true
  const pull = (): IteratorResult<B, unknown> => {
    isOpen = false // a source that fails is not closed
    const next = items.next()
    isOpen = next.done !== true
    return next
  }
  const close = (): void => {
    if (isOpen) items.return?.()
    isOpen = false
  }
  try {
    for (let isDone = false; !isDone; ) {
      const stretch = run(state, pull, (n) => n >= every)
      state = stretch.state
      isDone = stretch.isDone
      if (stretch.metrics.length > 0) yield [state, stretch.metrics]
    }
  } catch (e) {
    try {
      close()
    } catch {} // the error of the step comes first
    throw e
  } finally {
    close()
  }
  return state
}

/**
 * `scanSync` for data that may come asynchronously. It lets other work run every few milliseconds, so that a page stays
 * responsive while it trains. An aborted signal ends the run after the current step, without waiting for more data, and
 * the last state is returned. A source that was being waited for is told to close, but neither its closing nor an error
 * of it is awaited: give it the same signal. `every` is that of `scanSync`.
 *
 * @example
 * import { scan } from 'pullback'
 * const totals: number[] = []
 * for await (const [total] of scan((a: number, b: number) => [a + b, b] as const, 0, [1, 2, 3])) totals.push(total)
 * totals // => [1, 3, 6]
 */
export function scan<A, B, M>(
  step: ScanStep<A, B, M>,
  start: A,
  data: AsyncIterable<B> | Iterable<B>,
  options: Every & { readonly signal?: StopSignal | undefined },
): AsyncGenerator<readonly [A, readonly M[]], A>
export function scan<A, B, M>(
  step: ScanStep<A, B, M>,
  start: A,
  data: AsyncIterable<B> | Iterable<B>,
  options?: { readonly signal?: StopSignal | undefined },
): AsyncGenerator<readonly [A, M], A>
export async function* scan<A, B, M>(
  step: ScanStep<A, B, M>,
  start: A,
  data: AsyncIterable<B> | Iterable<B>,
  options: { readonly signal?: StopSignal | undefined; readonly every?: number | undefined } = {},
): AsyncGenerator<readonly [A, M | readonly M[]], A> {
  checkOptions('scan', options, ['signal', 'every'])
  checkRun('scan', step, data)
  const { signal, every } = options
  checkSignal('scan', signal)
  if (every !== undefined) {
    checkEvery('scan', every)
    return yield* inStretches(programmed(step) ?? oneByOne('scan', step), start, until(data, signal), every, signal)
  }
  let state = start
  for await (const item of until(data, signal)) {
    const result = checkResult('scan', step(state, item as B))
    state = result[0]
    yield result
    if (isDue()) await breathe()
  }
  return state
}
