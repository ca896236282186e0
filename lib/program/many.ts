import type { Session } from '../kernel/program.ts'
import { raw } from '../tensor/view.ts'
import { type Given, type Ready, read } from './ready.ts'
import type { RunMany, StepParts } from './step.ts'
import { alike, collect, type Template } from './template.ts'

/** The first or second part of a pair. */
export const half = (pair: Template, i: 0 | 1): Template =>
  (pair.tag === 'record' ? pair.parts[i]?.[1] : undefined) as Template

export const isScalar = (shape: readonly number[]): boolean => shape.length === 0

/** True if the states of two programs lie in memory in one way. */
const sameState = (a: Ready, b: Ready): boolean =>
  alike(half(a.argument, 0), half(b.argument, 0))?.every(({ from, to }) => from === to) ?? false

/** A run that goes on from the state of the one before, with the numbers of that state. */
const following = (ready: Ready, state: readonly number[], item: unknown): Given | undefined => {
  const parts = { tensors: [], numbers: [...state] }
  if (ready.recording.next === undefined || !collect(half(ready.argument, 1), item, parts)) return undefined
  const numbers = ready.recording.numbers.from(parts.numbers)
  return numbers && { ready, tensors: parts.tensors, numbers }
}

/** The numbers of the state after a run. */
const numbersAfter = ({ ready, numbers }: Given, before: readonly number[]): readonly number[] => {
  const after = [...before]
  for (const { from, to } of ready.recording.next ?? [])
    after[to] = numbers[ready.recording.slots[from] as number] as number
  return after
}

/** What a stretch of steps within one scope has come to; the step after them may have gone wrong. */
interface Stretch {
  readonly state: unknown
  readonly metrics: readonly unknown[]
  readonly fails: boolean
}

type Step = (state: never, item: never) => readonly [state: unknown, metrics: unknown]

/** The programs that a step has, and the step itself. */
export interface Programs {
  readonly find: (args: readonly unknown[]) => Given | undefined
  readonly all: () => readonly Ready[]
  /** One step by a program, or the plain one. */
  readonly single: Step
  readonly plain: Step
}

/** Steps by programs that keep the state in the engine's memory from one to the next. */
export const runMany =
  (parts: StepParts, { find, all, single, plain }: Programs): RunMany<unknown, unknown, unknown> =>
  (start, pull, isOver) => {
    /** Items that are pulled and not yet used: a stretch may be run again, in a larger memory. */
    const queue: unknown[] = []
    let isDone = false
    const has = (i: number): boolean => {
      if (i < queue.length || isDone) return i < queue.length
      const next = pull()
      if (next.done === true) isDone = true
      else queue.push(next.value)
      return !isDone
    }

    const stretch = (first: Given, done: number, most: number): Stretch =>
      first.ready.engine.scope(() => {
        const { carried } = first.ready.recording.program
        const session = first.ready.loaded.open()
        const sessions = new Map<Ready, Session>([[first.ready, session]])
        for (let i = 0; i < carried.length; i++) session.write(i, raw(first.tensors[i] as never))
        const beside = all().filter((r) => r.engine === first.ready.engine && sameState(r, first.ready))
        const metrics: unknown[] = []
        let run = first
        let [last, numbers]: readonly [Given | undefined, readonly number[]] = [undefined, first.numbers]
        const end = (fails: boolean): Stretch => {
          const at = last && (sessions.get(last.ready) as Session)
          const state = at && read(at, half((last as Given).ready.recording.result, 0), last as Given)
          return { state, metrics, fails }
        }
        for (let i = 0; ; i++) {
          const { ready } = run
          const here = sessions.get(ready) ?? ready.loaded.open(session)
          sessions.set(ready, here)
          for (let t = carried.length; t < run.tensors.length; t++) here.write(t, raw(run.tensors[t] as never))
          try {
            here.run(run.numbers)
          } catch {
            return end(true)
          }
          const measured = read(here, half(ready.recording.result, 1), run, isScalar)
          if (!parts.accepts(measured as never)) return end(true)
          metrics.push(measured)
          last = run
          numbers = numbersAfter(run, numbers)
          if (i + 1 >= most || isOver(done + i + 1) || !has(i + 1)) return end(false)
          const item = parts.item(queue[i + 1] as never)
          const next = [ready, ...beside].map((r) => following(r, numbers, item)).find((r) => r !== undefined)
          if (next === undefined) return end(false)
          run = next
        }
      })

    const metrics: unknown[] = []
    let state = start
    while ((metrics.length === 0 || !isOver(metrics.length)) && has(0)) {
      const checked = parts.state(state as never)
      const first = find([checked, parts.item(queue[0] as never)])
      if (first?.ready.recording.next === undefined) {
        const [next, measured] = single(state as never, queue.shift() as never)
        state = next
        metrics.push(measured)
        continue
      }
      let found = stretch(first, metrics.length, Number.POSITIVE_INFINITY)
      const { fails } = found
      const count = found.metrics.length
      if (fails && count > 0) found = stretch(first, metrics.length, count)
      if (count > 0) state = found.state
      metrics.push(...found.metrics)
      queue.splice(0, count)
      if (!fails) continue
      const [next, measured] = plain(state as never, queue.shift() as never)
      state = next
      metrics.push(measured)
    }
    return { state, metrics, isDone: isDone && queue.length === 0 }
  }
