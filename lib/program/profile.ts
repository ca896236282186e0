import { StructureError } from '../error/tensorError.ts'
import { lastReads } from '../kernel/lifetime.ts'
import { loaders } from '../kernel/loaders.ts'
import { type Loaded, type Place, type Program, type ProgramCall, type Session, viewsOf } from '../kernel/program.ts'
import type { Data } from '../tensor/data.ts'
import { packed } from '../tensor/pack.ts'
import { fresh, raw } from '../tensor/view.ts'
import { kernelOf, multiplications } from './call.ts'
import { type Compiled, compile, givenTo, isCompiled, withoutProgram } from './compile.ts'
import type { Given } from './ready.ts'

/** The time that a call of a program takes, alone. */
export interface TimedCall {
  readonly kernel: string
  /** The names of the layers around it, with dots between. */
  readonly layer: string
  readonly multiplications: number
  readonly microseconds: number
}

/** Where the time of a compiled function goes; `show` prints it. */
export interface Profile {
  readonly _tag: 'Profile'
  readonly engine: string
  readonly threads: number
  readonly calls: readonly TimedCall[]
  /** The sum of all calls, each measured alone. */
  readonly alone: number
  /** The program run in the engine's memory, its arguments lying there. */
  readonly program: number
  /** The compiled function, as it is called: arguments are checked and copied in, and results copied out. */
  readonly whole: number
}

/** The time for all measurements of a profile, in milliseconds, and the shortest time of one. */
const [budget, least] = [600, 0.05]

const median = (xs: readonly number[]): number => {
  const sorted = [...xs].sort((a, b) => a - b)
  return (sorted[sorted.length >> 1] as number) / 2 + (sorted[(sorted.length - 1) >> 1] as number) / 2
}

/** The microseconds of a run: the median of several stretches of runs, each begun by what is not measured. */
const timed = (run: () => void, milliseconds: number, begin: () => void = () => {}): number => {
  const stretch = (n: number): number => {
    begin()
    const since = performance.now()
    for (let i = 0; i < n; i++) run()
    return performance.now() - since
  }
  let n = 1
  while (stretch(n) < least) n *= 2
  const found: number[] = []
  const until = performance.now() + milliseconds
  while (found.length < 5 || performance.now() < until) found.push((1000 * stretch(n)) / n)
  return median(found)
}

/** Uses a session of a program, for which there is room outside of all steps. */
const within = <A>(loaded: Loaded, use: (session: Session) => A): A => {
  const session = loaded.open()
  if (session === undefined)
    throw new StructureError({
      op: 'profile',
      expected: 'room for the program in memory',
      actual: 'none',
      code: 'too-large',
      remedy: 'call it outside of any step, and with smaller minibatches',
    })
  try {
    return use(session)
  } finally {
    session.close()
  }
}

/** One call as a program. */
const alone = (call: ProgramCall): Program => {
  const inputs = [...new Set(viewsOf(call).map((x) => x.place))]
  return { _tag: 'Program', inputs, constants: [], calls: [call], outputs: call.results, carried: [] }
}

/** The calls of a program, each measured alone, on the numbers that it has in a run. */
const timedCalls = ({ ready, tensors, numbers }: Given): readonly TimedCall[] => {
  const { engine, recording } = ready
  const { inputs, constants, calls } = recording.program
  const values = new Map<Place, Data>(constants.map(({ place, data }) => [place, data]))
  inputs.forEach((place, i) => {
    values.set(place, packed(raw(tensors[i] as never)))
  })
  const last = lastReads(recording.program)
  return calls.map((call, now) => {
    const program = alone(call)
    const microseconds = within(engine.load(program, loaders), (session) => {
      program.inputs.forEach((place, i) => {
        session.write(i, raw(fresh([place.length], values.get(place) as Data)))
      })
      session.run(numbers)
      call.results.forEach((place, i) => {
        values.set(place, session.read(i))
      })
      return timed(() => session.run(numbers), budget / 2 / calls.length)
    })
    for (const { place } of viewsOf(call)) if (last.get(place) === now) values.delete(place)
    return { kernel: kernelOf(call), layer: call.path.join('.'), multiplications: multiplications(call), microseconds }
  })
}

/** The whole program, begun each time from the given arguments. */
const timedProgram = ({ ready, tensors, numbers }: Given): number =>
  within(ready.loaded, (session) => {
    const begin = (): void => {
      tensors.forEach((t, i) => {
        session.write(i, raw(t))
      })
    }
    return timed(() => session.run(numbers), budget / 4, begin)
  })

/**
 * Measures where the time of a compiled training step goes, or of any other compiled function, on the current engine:
 * each kernel call of its program alone, the whole program, and the function as it is called, all as medians of many
 * runs, in half a second or so. A function that is not compiled yet is compiled first. It takes the function's
 * arguments, which stay as they are. `show` prints the result by layer and by kernel.
 *
 * A function that runs without a program, since it cannot be recorded, is a `StructureError` that says why, and so is
 * one that exchanges numbers with other ranks. An error of the function itself is thrown.
 *
 * @example
 * import { compile, fromNested, key, leastSquares, linear, profile, sgd, show, start, trainStep } from 'pullback'
 * const [layer, optimizer] = [linear(1, 1), sgd(0.1)]
 * const step = compile(trainStep(layer, leastSquares, optimizer))
 * const batch = { input: fromNested([[1], [2]]), target: fromNested([[2], [4]]) }
 * const found = profile(step, start(layer, optimizer, key(0)), batch)
 * found.calls.some(({ kernel }) => kernel === 'affine') // => true
 * found.whole > 0 // => true
 * show(found).split('\n')[0]?.split(/ +/) // => ['layer', 'calls', 'µs', 'share', 'multiplications']
 */
export const profile = <A extends readonly unknown[]>(f: (...args: A) => unknown, ...args: A): Profile => {
  const compiled = (isCompiled(f) ? f : compile(f)) as ((...args: A) => unknown) & Compiled
  compiled(...args)
  const given = givenTo(compiled, args)
  if (given === undefined) throw withoutProgram('profile', compiled)
  if (given.ready.recording.program.calls.some((c) => c.kernel === 'exchange'))
    throw new StructureError({
      op: 'profile',
      expected: 'a function that may be run many times by itself',
      actual: 'one that exchanges numbers with other ranks each time',
      remedy: 'profile the step without comm',
    })
  const calls = timedCalls(given)
  const { engine } = given.ready
  return {
    _tag: 'Profile',
    engine: engine.name,
    threads: engine.threads,
    calls,
    alone: calls.reduce((sum, { microseconds }) => sum + microseconds, 0),
    program: timedProgram(given),
    whole: timed(() => compiled(...args), budget / 4),
  }
}
