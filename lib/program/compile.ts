import { StructureError } from '../error/tensorError.ts'
import { engine } from '../kernel/current.ts'
import type { Program } from '../kernel/program.ts'
import { describe } from '../tensor/data.ts'
import { failed, makeFinder } from './finder.ts'
import { runMany } from './many.ts'
import { type Given, given, type Ready, type ReadyStep } from './ready.ts'
import { copyOf, makeRunner, run, write } from './runner.ts'
import { partsOf, type RunMany } from './step.ts'

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
  const finder = makeFinder((parts?.core ?? f) as (...args: readonly unknown[]) => unknown, parts)
  const runner = makeRunner(finder.has)
  /** The arguments without what a step does not use; checked in the order in which the step does. */
  const usedOf = (args: readonly unknown[]): readonly unknown[] => {
    if (parts === undefined) return args
    const item = parts.item(args[1] as never)
    return [parts.state(args[0] as never), item]
  }
  /** The last state that the step has given: it need not be checked when the step goes on from it. */
  let last: { readonly state: unknown; readonly ready: Ready } | undefined
  const goingOn = ([state, item]: A): Given | undefined =>
    parts !== undefined && last !== undefined && state === last.state && engine() === last.ready.engine
      ? given(last.ready, [state, parts.item(item as never)])
      : undefined

  const runProgram = (found: Given): unknown => {
    const running = runner.isUsed() ? undefined : runner.open(found.ready)
    if (running === undefined) {
      finder.note(runner.isUsed() ? 'it is called by the source of its data' : 'there is no room for its program here')
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
    last = { state, ready: found.ready }
    return [state, metrics]
  }

  const compiled = (...args: A): R => {
    const found = goingOn(args) ?? finder.find(usedOf(args))
    try {
      const result = found && runProgram(found)
      if (result !== undefined) return result as R
    } catch (e) {
      if (parts?.isShared) throw e
      finder.note(failed(e))
    }
    return finder.besides(() => f(...args))
  }
  const steps = { find: finder.find as never, all: finder.all as never, runner, single: compiled, plain: f }
  return Object.defineProperties(compiled, {
    programs: { get: () => finder.all().map((p) => p.recording.program) },
    reason: { get: finder.reason },
    many: { value: parts && runMany(parts, steps as never) },
    given: { value: (args: A) => finder.find(usedOf(args)) },
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
    code: 'no-program',
    remedy: reason === undefined ? 'call it once' : 'docs/guide/programs.md tells what can be recorded',
  })
