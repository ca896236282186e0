import { Boxed } from '../diff/boxed.ts'
import { StructureError } from '../error/tensorError.ts'
import { engine } from '../kernel/current.ts'
import type { Program } from '../kernel/program.ts'
import { describe } from '../tensor/data.ts'
import { residentOf } from '../tensor/resident.ts'
import { raw } from '../tensor/view.ts'
import type { AnyTensor } from '../type/tensor.ts'
import { runMany } from './many.ts'
import {
  asStep,
  copyIn,
  type Given,
  given,
  numberIn,
  prepare,
  type Ready,
  type ReadyStep,
  type Refused,
} from './ready.ts'
import { partsOf, type RunMany } from './step.ts'
import { templateOf } from './template.ts'

/** A function that runs from programs, one for each structure of its arguments. */
export interface Compiled {
  /** The programs so far, the newest first. */
  readonly programs: readonly Program[]
  /** Why the last call that was made with a new structure of arguments runs without a program, if it does. */
  readonly reason: string | undefined
}

/** The most programs that a function keeps; the oldest go. */
const most = 32

const isNumber = (x: unknown): boolean => typeof x === 'number'

const failed = (e: unknown): string => `its program fails: ${e instanceof Error ? e.message : e}`

/** True if numbers of all tensors can be seen: they are not traced or mapped, nor recorded by another program. */
const isPlain = (args: readonly unknown[]): boolean => {
  const { tensors }: { tensors: AnyTensor[] } = { tensors: [] }
  templateOf(args, () => false, { tensors, numbers: [] })
  return tensors.every((t) => !((t as unknown) instanceof Boxed) && residentOf(raw(t).buffer) === undefined)
}

/**
 * The same pure function, run from a program: its first call records which kernels it calls, on which places, with
 * which numbers; later calls with arguments of the same structure, shapes and number formats run that record.
 */
export const compile = <A extends readonly unknown[], R>(f: (...args: A) => R): ((...args: A) => R) & Compiled => {
  if (typeof f !== 'function')
    throw new StructureError({
      op: 'compile',
      expected: 'a function of tensors, such as a training step',
      actual: describe(f),
      remedy: 'compile(trainStep(layer, loss, optimizer)) is one, and so is compile((variables, x) => …)',
    })
  const parts = partsOf(f)
  const core = (parts?.core ?? f) as (...args: readonly unknown[]) => unknown
  let programs: readonly (Ready | ReadyStep | Refused)[] = []
  let reason: string | undefined
  const ready = (): readonly Ready[] => programs.filter((p): p is Ready => 'loaded' in p)

  /** What to run for these arguments: a program, or nothing. */
  const find = (args: readonly unknown[]): Given | undefined => {
    const current = engine()
    for (const p of programs) {
      if (p.engine !== current) continue
      if ('reason' in p) {
        if (p.collect(args, { tensors: [], numbers: [] })) return undefined
        continue
      }
      const found = given(p, args)
      if (found !== undefined) return found
    }
    if (!isPlain(args)) return undefined
    try {
      const made = prepare(current, core, args, parts === undefined ? () => false : isNumber)
      const program = 'reason' in made || parts === undefined ? made : asStep(made)
      programs = [program, ...programs].slice(0, most)
      reason = 'reason' in made ? made.reason : undefined
      return 'reason' in program ? undefined : given(program, args)
    } catch (e) {
      reason = failed(e) // the function itself has the error, or none
      return undefined
    }
  }

  const run = (found: Given): unknown =>
    found.ready.engine.scope(() => {
      const { loaded, build } = found.ready
      const session = loaded.open()
      found.tensors.forEach((t, i) => {
        session.write(i, raw(t))
      })
      session.run(found.numbers)
      const [copy, number] = [copyIn(session), numberIn(found)]
      if (parts === undefined) return build(copy, number)
      const { state, metrics } = found.ready as ReadyStep
      const measured = metrics((i, shape) => (shape.length === 0 ? session.first(i) : copy(i, shape)), number)
      return parts.accepts(measured as never) ? [state(copy, number), measured] : undefined
    })

  const compiled = (...args: A): R => {
    const used = parts === undefined ? args : [parts.state(args[0] as never), parts.item(args[1] as never)]
    const found = find(used)
    try {
      const result = found && run(found)
      if (result !== undefined) return result as R
    } catch (e) {
      reason = failed(e)
    }
    return f(...args)
  }
  const steps = { find: find as never, all: ready as never, single: compiled as never, plain: f as never }
  return Object.defineProperties(compiled, {
    programs: { get: () => ready().map((p) => p.recording.program) },
    reason: { get: () => reason },
    many: { value: parts && runMany(parts, steps) },
  }) as never
}

/** The way to run a step many times, if it is a compiled one. */
export const manyOf = <A, B, M>(step: (state: A, item: B) => readonly [A, M]): RunMany<A, B, M> | undefined =>
  (step as { readonly many?: RunMany<A, B, M> }).many
