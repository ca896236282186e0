import { breathe, isDue, patience } from '../data/breathe.ts'
import type { RunMany } from '../program/step.ts'
import type { StopSignal } from './until.ts'

/**
 * Runs many steps at a time: as many items are taken from the source first as are likely to last for the time between
 * two breaths, since a stretch of steps cannot wait for the next.
 */
export async function* inStretches<A, B, M>(
  run: RunMany<A, B, M>,
  start: A,
  data: AsyncIterable<B>,
  every: number,
  signal: StopSignal | undefined,
): AsyncGenerator<readonly [A, readonly M[]], A> {
  const items = data[Symbol.asyncIterator]()
  let state = start
  let metrics: readonly M[] = []
  let isDone = false
  let ahead = 1
  try {
    while (!isDone) {
      const taken: B[] = []
      const begun = performance.now()
      const isLate = (): boolean => taken.length > 0 && performance.now() - begun > patience // of a slow source
      while (taken.length < ahead && metrics.length + taken.length < every && !isDone && !isLate()) {
        const next = await items.next()
        if (next.done === true) isDone = true
        else taken.push(next.value)
      }
      while (taken.length > 0 && signal?.aborted !== true) {
        const from = performance.now()
        const pull = (): IteratorResult<B, undefined> =>
          taken.length === 0 ? { done: true, value: undefined } : { done: false, value: taken.shift() as B }
        const isOver = (): boolean => isDue() || signal?.aborted === true
        const stretch = run(state, pull, isOver)
        state = stretch.state
        metrics = [...metrics, ...stretch.metrics]
        const each = (performance.now() - from) / Math.max(1, stretch.metrics.length)
        ahead = Math.max(1, Math.min(1000, Math.floor(patience / Math.max(each, 1e-3))))
        if (isDue()) await breathe()
      }
      if (metrics.length >= every || (isDone && metrics.length > 0) || (signal?.aborted && metrics.length > 0)) {
        yield [state, metrics]
        metrics = []
      }
      if (signal?.aborted) break
    }
  } finally {
    if (!isDone) await items.return?.()
  }
  return state
}
