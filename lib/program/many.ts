import type { Session } from '../kernel/program.ts'
import { raw } from '../tensor/view.ts'
import type { AnyTensor } from '../type/tensor.ts'
import { copyIn, type Given, metricIn, type ReadyStep } from './ready.ts'
import type { RunMany, StepParts } from './step.ts'
import { alike } from './template.ts'

/** True if the states of two programs lie in memory in one way. */
const sameState = (a: ReadyStep, b: ReadyStep): boolean =>
  a.engine === b.engine && (alike(a.stateTemplate, b.stateTemplate)?.every(({ from, to }) => from === to) ?? false)

/** The run after a run, by a program that shares its state; undefined if it does not fit. */
const following = (ready: ReadyStep, { ready: { next }, numbers: before }: Given<ReadyStep>, item: unknown) => {
  const found: { ready: ReadyStep; tensors: AnyTensor[]; numbers: number[] } = { ready, tensors: [], numbers: [] }
  if (next === undefined || ready.next === undefined) return undefined
  for (const { from, to } of next) found.numbers[to] = before[from] as number
  return ready.item(item, found) && ready.recording.numbers.complete(found.numbers) ? found : undefined
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
  readonly find: (args: readonly unknown[]) => Given<ReadyStep> | undefined
  readonly all: () => readonly ReadyStep[]
  /** One step by a program, or the plain one. */
  readonly single: Step
  readonly plain: Step
}

/** Sessions of programs that share the state; writes the inputs of a run that are not carried. */
const makeSessions = (first: Given<ReadyStep>) => {
  const { carried } = first.ready.recording.program
  const open = (ready: ReadyStep, beside?: Session) => {
    const session = ready.loaded.open(beside)
    return { ready, session, metric: metricIn(session, ready) }
  }
  const all = [open(first.ready)]
  const [{ session }] = all as [(typeof all)[0]]
  const write = (to: Session, tensors: readonly AnyTensor[], from: number, end: number): void => {
    for (let i = from; i < end; i++) to.write(i, raw(tensors[i] as AnyTensor))
  }
  write(session, first.tensors, 0, carried.length)
  let [used] = all as [(typeof all)[0]]
  return (given: Given<ReadyStep>) => {
    if (used.ready !== given.ready) {
      used = all.find(({ ready }) => ready === given.ready) ?? open(given.ready, session)
      if (!all.includes(used)) all.push(used)
    }
    write(used.session, given.tensors, carried.length, given.tensors.length)
    return used
  }
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

    const stretch = (first: Given<ReadyStep>, done: number, most: number): Stretch =>
      first.ready.engine.scope(() => {
        const sessionOf = makeSessions(first)
        const beside = all().filter((r) => sameState(r, first.ready))
        const metrics: unknown[] = []
        let run = first
        for (;;) {
          const { session, metric } = sessionOf(run)
          const measured = runOnce(session, run, metric)
          if (measured === undefined || !parts.accepts(measured as never))
            return { state: undefined, metrics, fails: true }
          metrics.push(measured)
          const count = metrics.length
          const isLast = count >= most || isOver(done + count) || !has(count)
          const next = isLast ? undefined : nextOf(run, beside, parts.item(queue[count] as never))
          if (next === undefined) return { state: run.ready.state(copyIn(session), run.numbers), metrics, fails: false }
          run = next
        }
      })

    const metrics: unknown[] = []
    let state = start
    while (queue.length > 0 || ((metrics.length === 0 || !isOver(metrics.length)) && has(0))) {
      const item = parts.item(queue[0] as never)
      const first = find([parts.state(state as never), item])
      if (first?.ready.next === undefined) {
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
      for (const measured of found.metrics) metrics.push(measured)
      queue.splice(0, count)
      if (!fails) continue
      const [next, measured] = plain(state as never, queue.shift() as never)
      state = next
      metrics.push(measured)
    }
    return { state, metrics, isDone: isDone && queue.length === 0 }
  }

/** The metrics of a run; undefined if it goes wrong. */
const runOnce = (
  session: Session,
  { ready, numbers }: Given<ReadyStep>,
  metric: ReturnType<typeof metricIn>,
): unknown => {
  try {
    session.run(numbers)
    return ready.metrics(metric, numbers)
  } catch {
    return undefined
  }
}

/** The run after a run: by the same program if it fits, or by another one. */
const nextOf = (run: Given<ReadyStep>, others: readonly ReadyStep[], item: unknown): Given<ReadyStep> | undefined => {
  const same = following(run.ready, run, item)
  if (same !== undefined) return same
  for (const other of others) {
    const found = other === run.ready ? undefined : following(other, run, item)
    if (found !== undefined) return found
  }
  return undefined
}
