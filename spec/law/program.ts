import { isDeepStrictEqual } from 'node:util'
import { type ScanStep, type StateFn, scanSync, type Transformation, type Tree } from 'pullback'
import { updated } from '../../lib/optim/transformation.ts'
import { type Compiled, compile } from '../../lib/program/compile.ts'
import { withParts } from '../../lib/program/step.ts'
import { bits } from '../support/bits.ts'

export type Step = ScanStep<unknown, unknown, unknown>

/** Assertions: those of a test, or such as collect what fails. */
export interface Assert {
  readonly ok: (found: unknown, name: string) => unknown
  readonly equal: (found: unknown, expected: unknown, name: string) => unknown
}

/** The names of the assertions that fail. */
export const failures = (run: (t: Assert) => void): readonly string[] => {
  const failed: string[] = []
  const ok: Assert['ok'] = (found, name) => found || failed.push(name)
  run({ ok, equal: (found, expected, name) => ok(Object.is(found, expected), `${name}: ${found}, not ${expected}`) })
  return failed
}

/** The same numbers to the last bit, in records whose names may stand in another order. */
export const same = (a: unknown, b: unknown): boolean => isDeepStrictEqual(bits(a), bits(b))

/** All states and metrics of a run, one step after the other, and the error that ended it. */
export const outcomes = (step: Step, start: unknown, data: readonly unknown[]) => {
  const found: (readonly [state: unknown, metrics: unknown])[] = []
  let state = start
  try {
    for (const item of data) {
      const next = step(state, item)
      found.push(next)
      state = next[0]
    }
  } catch (e) {
    return { found, error: e as Error }
  }
  return { found, error: undefined }
}

/** The number of the first step after which two runs differ; −1 if none does. */
const difference = (a: ReturnType<typeof outcomes>, b: ReturnType<typeof outcomes>): number => {
  const n = a.found.findIndex((step, i) => !same(step, b.found[i]))
  return n >= 0 || (a.found.length === b.found.length && a.error?.message === b.error?.message) ? n : a.found.length
}

/** A step as it is used: by itself, and compiled. */
export const compiledStep = (step: Step): Step & Compiled => compile(step as never) as never

/**
 * The laws of programs for a step: compiled, it gives the bits of the plain step, one by one and many within one scope;
 * and so does a run that is taken up again from a state in its midst. Returns the compiled step.
 */
export const lawsOfStep = (
  t: Assert,
  name: string,
  step: Step,
  start: unknown,
  data: readonly unknown[],
  every: readonly number[] = [1, 3, 100],
): Compiled => {
  const plain = outcomes(step, start, data)
  const before = bits(start)
  const compiled = compiledStep(step)
  const found = outcomes(compiled, start, data)
  t.equal(difference(found, plain), -1, `${name}: the same bits, step by step`)
  for (const n of every) {
    let at = 0
    let isSame = true
    try {
      for (const [state, metrics] of scanSync(compiled, start, data, { every: n })) {
        const part = plain.found.slice(at, at + metrics.length)
        isSame &&= same([state, metrics], [part[part.length - 1]?.[0], part.map(([, measured]) => measured)])
        at += metrics.length
      }
      isSame &&= at === data.length
    } catch (e) {
      isSame &&= (e as Error).message === plain.error?.message
    }
    t.ok(isSame, `${name}: the same bits, ${n} steps at a time`)
  }
  const half = Math.floor(plain.found.length / 2)
  const again = outcomes(compiled, plain.found[half - 1]?.[0] ?? start, data.slice(half))
  t.ok(same(again.found, plain.found.slice(half)), `${name}: the same bits when it is taken up again`)
  t.ok(same(found.found, plain.found), `${name}: states that were given stay as they are`)
  t.ok(isDeepStrictEqual(bits(start), before), `${name}: and so does the first`)
  return compiled
}

/** A pure function of tensors, compiled, gives the bits of the plain one for each of some arguments, and has no reason not to. */
export const lawOfFunction = (
  t: Assert,
  name: string,
  f: (...args: readonly never[]) => unknown,
  ...calls: readonly (readonly unknown[])[]
): void => {
  const compiled = compile(f as (...args: readonly unknown[]) => unknown)
  for (const args of [...calls, ...calls])
    t.ok(same(compiled(...args), f(...(args as never[]))), `${name}: compiled, the same bits`)
  t.equal(compiled.reason, undefined, `${name}: nothing stands in the way of a program`)
}

interface AtParams {
  readonly params: Tree
  readonly state: unknown
}

/** A step of a gradient transformation alone: from parameters and its state, by gradients. */
export const stepOf = (f: Transformation<StateFn>): Step =>
  withParts(
    ({ params, state }: AtParams, gradient: Tree) => {
      const [next, after] = updated(f, gradient, state, params)
      return [{ params: next, state: after }, {}] as const
    },
    {
      state: ({ params, state }: AtParams) => ({ params, state }),
      item: (gradient: Tree) => gradient,
      core: ({ params, state }: AtParams, gradient: Tree) => {
        const [next, after] = updated(f, gradient, state, params)
        return [{ params: next, state: after }, {}] as const
      },
      read: [],
      accepts: () => true,
    },
  ) as unknown as Step
