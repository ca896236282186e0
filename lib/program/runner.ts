import type { Session } from '../kernel/program.ts'
import { fresh, stored } from '../tensor/view.ts'
import type { AnyTensor, Shape } from '../type/tensor.ts'
import { type Given, metricIn, type Ready } from './ready.ts'
import { alike } from './template.ts'

/** A program in memory, and the tensors whose numbers its inputs hold. */
export interface Running {
  readonly ready: Ready
  readonly session: Session
  /** The tensors of the carried inputs, which programs with the same state share, and of the others. */
  readonly carried: (AnyTensor | undefined)[]
  readonly others: (AnyTensor | undefined)[]
  readonly metric: (index: number, shape: Shape) => unknown
  /** Which input the next run takes from an output. */
  readonly inputOf: readonly (number | undefined)[]
}

/** True if the states of two programs lie in memory in one way. */
const sameState = (a: Ready, b: Ready): boolean =>
  a.engine === b.engine &&
  a.state !== undefined &&
  b.state !== undefined &&
  (alike(a.state, b.state)?.every(({ from, to }) => from === to) ?? false)

/** The programs of one function in memory. Those of a step with the same state share it. */
export interface Runner {
  /** A program in memory; undefined if there is no room for it now. */
  readonly open: (ready: Ready) => Running | undefined
  /** True while a run of many steps uses the memory: a call from within it, say by the source of its data, may not. */
  readonly isUsed: () => boolean
  /** Runs a function while nobody else may use the memory. */
  readonly alone: <A>(f: () => A) => A
}

/** A runner for the programs that are still there. */
export const makeRunner = (has: (ready: Ready) => boolean): Runner => {
  const all = new Map<Ready, Running>()
  let isUsed = false
  const open = (ready: Ready): Running | undefined => {
    const found = all.get(ready)
    if (found !== undefined) return found
    const beside = [...all.values()].find((r) => sameState(r.ready, ready))
    const session = ready.loaded.open(beside?.session)
    if (session === undefined) return undefined
    const inputOf: number[] = []
    for (const { output, input } of ready.recording.program.carried) inputOf[output] = input
    const made = {
      ready,
      session,
      carried: beside?.carried ?? [],
      others: [],
      metric: metricIn(session, ready),
      inputOf,
    }
    for (const old of all.keys()) if (!has(old)) all.delete(old)
    all.set(ready, made)
    return made
  }
  const alone: Runner['alone'] = (f) => {
    isUsed = true
    try {
      return f()
    } finally {
      isUsed = false
    }
  }
  return { open, isUsed: () => isUsed, alone }
}

/** Writes the arguments whose numbers the memory does not hold yet. */
export const write = ({ session, carried, others, ready }: Running, { tensors }: Pick<Given, 'tensors'>): void => {
  const own = ready.recording.program.carried.length
  for (let i = 0; i < tensors.length; i++) {
    const t = tensors[i]
    const held = i < own ? carried : others
    if (t === undefined || held[i] === t) continue
    session.write(i, stored(t))
    held[i] = t
  }
}

/** Runs a program, after which the carried inputs hold numbers that no tensor has yet. */
export const run = ({ session, carried }: Running, { numbers }: Pick<Given, 'numbers'>): void => {
  carried.length = 0
  session.run(numbers)
}

/** Gives tensors of the results. Those that the next run takes over are known to be in memory. */
export const copyOf =
  ({ session, carried, inputOf }: Running) =>
  (index: number, shape: Shape): AnyTensor => {
    const made = fresh(shape, session.read(index)) as AnyTensor
    const input = inputOf[index]
    if (input !== undefined) carried[input] = made
    return made
  }
