import { Boxed } from '../diff/boxed.ts'
import { engine } from '../kernel/current.ts'
import type { AnyTensor } from '../type/tensor.ts'
import { asStep, type Given, given, prepare, type Ready, type ReadyStep, type Refused, refused } from './ready.ts'
import type { StepParts } from './step.ts'
import { templateOf } from './template.ts'

/** The most programs that a function keeps; the oldest go. */
const most = 32

/** The reason for a program that throws. */
export const failed = (e: unknown): string => `its program fails: ${e instanceof Error ? e.message : e}`

/** True if no tensor is traced or mapped. */
const isPlain = (args: readonly unknown[]): boolean => {
  const { tensors }: { tensors: AnyTensor[] } = { tensors: [] }
  templateOf(args, () => false, { tensors, numbers: [] })
  return tensors.every((t) => !((t as unknown) instanceof Boxed))
}

/** The programs of a function. */
export interface Finder {
  /** What to run for these arguments: a program, which is recorded if there is none yet; or nothing. */
  readonly find: (args: readonly unknown[]) => Given | undefined
  readonly all: () => readonly Ready[]
  readonly has: (ready: Ready) => boolean
  /** Why the last call runs without a program, if it does. */
  readonly reason: () => string | undefined
  readonly note: (reason: string) => void
  /** Runs the function itself. If it goes well where its recording has failed, these arguments are not tried again. */
  readonly besides: <A>(plain: () => A) => A
}

export const makeFinder = (run: (...args: readonly unknown[]) => unknown, parts: StepParts | undefined): Finder => {
  let programs: readonly (Ready | ReadyStep | Refused)[] = []
  let reason: string | undefined
  /** The structure of arguments whose recording has failed: the function itself may have the same error, or none. */
  let unrecorded: Refused | undefined
  const add = (program: Ready | ReadyStep | Refused): void => {
    programs = [program, ...programs].slice(0, most)
  }
  const all = (): readonly Ready[] => programs.filter((p): p is Ready => 'loaded' in p)

  const find = (args: readonly unknown[]): Given | undefined => {
    const current = engine()
    unrecorded = undefined
    if (current.isRecording) return undefined // it becomes part of that program
    for (const p of programs) {
      if (p.engine !== current) continue
      if ('reason' in p) {
        if (!p.collect(args, { tensors: [], numbers: [] })) continue
        reason = p.reason
        return undefined
      }
      const found = given(p, args)
      if (found === undefined) continue
      reason = undefined
      return found
    }
    if (!isPlain(args)) {
      reason = 'its arguments are traced or mapped'
      return undefined
    }
    try {
      const made = prepare(current, run, args, parts !== undefined)
      const program = 'reason' in made || parts === undefined ? made : asStep(made, parts.read)
      add(program)
      reason = 'reason' in made ? made.reason : undefined
      return 'reason' in program ? undefined : given(program, args)
    } catch (e) {
      reason = failed(e)
      unrecorded = refused(current, args, parts !== undefined, reason)
      return undefined
    }
  }
  return {
    find,
    all,
    has: (ready) => programs.includes(ready),
    reason: () => reason,
    note: (why) => {
      reason = why
    },
    besides: (plain) => {
      const failure = unrecorded
      unrecorded = undefined
      const result = plain()
      if (failure !== undefined) add(failure)
      return result
    },
  }
}
