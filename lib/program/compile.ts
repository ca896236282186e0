import { Boxed } from '../diff/boxed.ts'
import { StructureError } from '../error/tensorError.ts'
import { engine } from '../kernel/current.ts'
import type { Program } from '../kernel/program.ts'
import { describe } from '../tensor/data.ts'
import type { AnyTensor } from '../type/tensor.ts'
import { following, runMany } from './many.ts'
import { asStep, type Given, given, prepare, type Ready, type ReadyStep, type Refused, refused } from './ready.ts'
import { copyOf, makeRunner, run, write } from './runner.ts'
import { partsOf, type RunMany } from './step.ts'
import { templateOf } from './template.ts'

/**
 * A function that runs from programs, one for each structure of its arguments: the names, shapes and number formats of
 * their tensors. A program is a plain value, the kernel calls of the function in order; `show` prints it.
 */
export interface Compiled {
  /** The programs so far, the newest first; at most 32 are kept. */
  readonly programs: readonly Program[]
  /** Why the last call ran without a program, and in which layer, if it did. */
  readonly reason: string | undefined
}

/** The most programs that a function keeps; the oldest go. */
const most = 32

const failed = (e: unknown): string => `its program fails: ${e instanceof Error ? e.message : e}`

/** True if no tensor is traced or mapped. */
const isPlain = (args: readonly unknown[]): boolean => {
  const { tensors }: { tensors: AnyTensor[] } = { tensors: [] }
  templateOf(args, () => false, { tensors, numbers: [] })
  return tensors.every((t) => !((t as unknown) instanceof Boxed))
}

/**
 * The same pure function, run from a program: `compile(f)(…args) = f(…args)`, bit for bit. The first call records which
 * kernels `f` calls, on which places, with which numbers; later calls with arguments of the same structure, shapes and
 * number formats run that record, without tracing, closures or checks of shapes. Each structure of arguments, such as a
 * smaller last minibatch, and each engine gets a program of its own. `show` prints a compiled function's programs, and
 * `profile` times them.
 *
 * For a step of `trainStep`, what changes from step to step may be numbers too: the count, the rate of a schedule, the
 * words of random keys. For any other function, tensors may change; another number makes another program.
 *
 * What cannot be recorded runs as before, with the same result, and `reason` says why: a function that reads the
 * numbers of a tensor within (`item`, `toArray`), or that calculates with a number of a training step's state other
 * than by the functions of this library. A function that is not pure, such as one that counts its calls, must not be
 * compiled. Errors are those of the function itself; what is not a function is a `StructureError`.
 *
 * @example
 * import { compile, fromNested, item, key, leastSquares, linear, op, sgd, start, toArray, trainStep } from 'pullback'
 * const [layer, optimizer] = [linear(1, 1), sgd(0.1)]
 * const step = compile(trainStep(layer, leastSquares, optimizer))
 * const batch = { input: fromNested([[1], [2]]), target: fromNested([[2], [4]]) }
 * const [after, first] = step(start(layer, optimizer, key(0)), batch) // is recorded
 * const [, second] = step(after, batch) // is run from the program
 * second.loss < first.loss // => true
 * step.programs.length // => 1
 * const rooted = compile((x: Parameters<typeof op.sqrt>[0]) => op.scale(op.sqrt(x), 2))
 * toArray(rooted(fromNested([1, 4]))) // => [2, 4]
 * const reading = compile((x: Parameters<typeof op.sum>[0]) => op.scale(x, item(op.sum(x))))
 * toArray(reading(fromNested([1, 2]))) // => [3, 6]
 * reading.reason // => 'it reads the numbers of a tensor'
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
  /** The structure of arguments whose recording has failed: the function itself may have the same error, or none. */
  let unrecorded: Refused | undefined
  const add = (program: Ready | ReadyStep | Refused): void => {
    for (const old of programs.slice(most - 1)) if ('loaded' in old) runner.forget(old)
    programs = [program, ...programs].slice(0, most)
  }
  const ready = (): readonly Ready[] => programs.filter((p): p is Ready => 'loaded' in p)

  /** What to run for these arguments: a program, or nothing. */
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
      const made = prepare(current, core, args, parts !== undefined)
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

  const runner = makeRunner()
  /** The last state that a step has given, which is still in memory if no run has followed. */
  let last: { readonly state: unknown; readonly given: Given<ReadyStep>; readonly runs: number } | undefined
  /** The run that goes on from the last one. */
  const goingOn = ([state, item]: A): Given | undefined => {
    if (parts === undefined || last === undefined || state !== last.state) return undefined
    const { ready } = last.given
    if (engine() !== ready.engine || runner.open(ready)?.carried.runs !== last.runs) return undefined
    return following(ready, last.given, parts.item(item as never))
  }
  const runProgram = (found: Given): unknown => {
    const running = runner.isUsed() ? undefined : runner.open(found.ready)
    if (running === undefined) {
      reason = runner.isUsed() ? 'it is called by the source of its data' : 'there is no room for its program here'
      return undefined
    }
    write(running, found)
    run(running, found)
    const copy = copyOf(running)
    if (parts === undefined) return found.ready.build(copy, found.numbers)
    const { buildState, buildMetrics, isRead } = found.ready as ReadyStep
    const metrics = buildMetrics((i, shape) => (isRead(i) ? running.session.first(i) : copy(i, shape)), found.numbers)
    if (!parts.accepts(metrics as never)) return undefined
    const state = buildState(copy, found.numbers)
    last = { state, given: found as Given<ReadyStep>, runs: running.carried.runs }
    return [state, metrics]
  }

  /** The arguments without what a step does not use; checked in the order in which the step does. */
  const usedOf = (args: A): readonly unknown[] => {
    if (parts === undefined) return args
    const item = parts.item(args[1] as never)
    return [parts.state(args[0] as never), item]
  }
  const compiled = (...args: A): R => {
    unrecorded = undefined
    const found = goingOn(args) ?? find(usedOf(args))
    const failure = unrecorded
    try {
      const result = found && runProgram(found)
      if (result !== undefined) return result as R
    } catch (e) {
      reason = failed(e)
    }
    const result = f(...args)
    if (failure !== undefined) add(failure)
    return result
  }
  const steps = { find: find as never, all: ready as never, runner, single: compiled as never, plain: f as never }
  return Object.defineProperties(compiled, {
    programs: { get: () => ready().map((p) => p.recording.program) },
    reason: { get: () => reason },
    many: { value: parts && runMany(parts, steps) },
    given: { value: (args: A) => find(usedOf(args)) },
  }) as never
}

export const isCompiled = (f: unknown): f is Compiled => typeof f === 'function' && 'programs' in f && 'reason' in f

/** The program of a compiled function for arguments, with its inputs; undefined if there is none, for a reason. */
export const givenTo = (f: Compiled, args: readonly unknown[]): Given | undefined =>
  (f as unknown as { readonly given: (args: readonly unknown[]) => Given | undefined }).given(args)

/** The way to run a step many times, if it is a compiled one. */
export const manyOf = <A, B, M>(step: (state: A, item: B) => readonly [A, M]): RunMany<A, B, M> | undefined =>
  (step as { readonly many?: RunMany<A, B, M> }).many

/** The error for a function that has no program. */
export const withoutProgram = (op: string, { reason }: Compiled): StructureError =>
  new StructureError({
    op,
    expected: 'a function that runs from a program',
    actual: reason === undefined ? 'one that has not been called' : `one that runs without, since ${reason}`,
    remedy: reason === undefined ? 'call it once' : 'docs/programs.md tells what can be recorded',
  })
