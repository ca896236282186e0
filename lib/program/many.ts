import { engine } from '../kernel/current.ts'
import type { Given, ReadyStep } from './ready.ts'
import { copyOf, type Runner, type Running, run, write } from './runner.ts'
import type { RunMany, StepParts } from './step.ts'

/** The run after a run, by a program that shares its state; undefined if it does not fit. */
const following = (ready: ReadyStep, { ready: { next }, numbers: before }: Given<ReadyStep>, item: unknown) => {
  const found: { ready: ReadyStep; tensors: Given['tensors'][number][]; numbers: number[] } = {
    ready,
    tensors: [],
    numbers: [],
  }
  if (next === undefined || ready.next === undefined) return undefined
  for (const { from, to } of next) found.numbers[to] = before[from] as number
  return ready.item(item, found) && ready.recording.numbers.complete(found.numbers) ? found : undefined
}

type Step = (state: never, item: never) => readonly [state: unknown, metrics: unknown]

/** The programs that a step has, and the step itself. */
export interface Programs {
  readonly find: (args: readonly unknown[]) => Given<ReadyStep> | undefined
  readonly all: () => readonly ReadyStep[]
  readonly runner: Runner
  /** One step by a program, or the plain one. */
  readonly single: Step
  readonly plain: Step
}

/** A run, and where. */
interface At {
  readonly given: Given<ReadyStep>
  readonly running: Running
}

/** The most steps whose items are kept, to run them again if a later one goes wrong. */
const most = 100

/** Steps by programs that keep the state in the engine's memory from one to the next. */
export const runMany =
  (parts: StepParts, { find, all, runner, single, plain }: Programs): RunMany<unknown, unknown, unknown> =>
  (start, pull, isOver) => {
    const metrics: unknown[] = []
    let state = start
    let isEnd = false
    let next = pull()
    /** Notes the metrics of a step and takes the next item, unless it was the last step. */
    const advance = (measured: unknown): void => {
      metrics.push(measured)
      isEnd = isOver(metrics.length)
      if (!isEnd) next = pull()
    }
    const one = (step: Step): void => {
      const [following, measured] = step(state as never, next.value as never)
      state = following
      advance(measured)
    }
    /** The run of an item after another run: by the same program if it fits, or by another one with the same state. */
    const after = (before: Given<ReadyStep>, used: Running, item: unknown): At | undefined => {
      if (engine() !== before.ready.engine) return undefined
      const taken = parts.item(item as never)
      const same = following(before.ready, before, taken)
      if (same !== undefined) return { given: same, running: used }
      for (const ready of all()) {
        const given = following(ready, before, taken)
        const running = given && runner.open(ready)
        if (given !== undefined && running?.carried === used.carried) return { given, running }
      }
      return undefined
    }
    /** Comes again to the state after some items, before the step that went wrong, which the plain step is to tell. */
    const again = (first: At, items: readonly unknown[]): void => {
      let at = first
      for (const [i, item] of items.entries()) {
        if (i > 0) at = after(at.given, at.running, item) as At
        write(at.running, at.given)
        run(at.running, at.given)
      }
      if (items.length > 0) state = at.given.ready.buildState(copyOf(at.running), at.given.numbers)
    }
    /** Runs steps while programs follow each other; false if one goes wrong. */
    const chain = (first: At): boolean => {
      const items: unknown[] = []
      for (let at: At | undefined = first; at !== undefined; ) {
        const { given, running }: At = at
        write(running, given)
        const measured = attempt(running, given, parts.isShared)
        if (measured === undefined || !parts.accepts(measured as never)) {
          again(first, items)
          return false
        }
        items.push(next.value)
        advance(measured)
        at = isEnd || next.done === true || items.length === most ? undefined : after(given, running, next.value)
        if (at === undefined) state = given.ready.buildState(copyOf(running), given.numbers)
      }
      return true
    }

    while (next.done !== true && !isEnd) {
      const item = parts.item(next.value as never)
      const given = find([parts.state(state as never), item])
      const running = given?.ready.next && !runner.isUsed() ? runner.open(given.ready) : undefined
      if (given === undefined || running === undefined) one(single)
      else if (!runner.alone(() => chain({ given, running }))) one(plain)
    }
    return { state, metrics, isDone: next.done === true }
  }

/** The metrics of a run; undefined if it goes wrong. */
const attempt = (running: Running, given: Given<ReadyStep>, isShared = false): unknown => {
  try {
    run(running, given)
    return given.ready.buildMetrics(running.metric, given.numbers)
  } catch (e) {
    if (isShared) throw e
    return undefined
  }
}
