import { type AnyTensor, toTypedArray } from 'pullback'
import { engine, useEngine } from '../../lib/kernel/current.ts'
import { reference } from '../../lib/kernel/reference/reference.ts'
import { relativeError } from './statistics.ts'

/** Ends a benchmark with a wrong result: only right results are measured. */
const wrong = (what: string, found: unknown, expected: unknown): never => {
  throw new Error(`${what} with the engine ${engine().name}: ${found}, expected ${expected}`)
}

export const checkNear = (what: string, found: number, expected: number, tolerance: number): void => {
  if (!(Math.abs(found - expected) <= tolerance || relativeError(found, expected) <= tolerance))
    wrong(what, found, expected)
}

/** The result of the reference engine. */
export const onReference = <A>(f: () => A): A => {
  const before = useEngine(reference)
  try {
    return f()
  } finally {
    useEngine(before)
  }
}

export const toleranceOf = (dtype: string): number => (dtype === 'float64' ? 1e-10 : 1e-4)

/** Compares a result entry by entry with that of the reference engine. */
export const checkTensor = (what: string, f: () => AnyTensor): void => {
  const [found, expected] = [f(), onReference(f)]
  const [x, y] = [toTypedArray(found), toTypedArray(expected)]
  if (x.length !== y.length) wrong(what, `${x.length} entries`, y.length)
  for (let i = 0; i < x.length; i++)
    checkNear(`${what} at ${i}`, x[i] as number, y[i] as number, toleranceOf(found.dtype))
}

/** Compares the losses of a training with the expected ones. */
export const checkLosses = (what: string, found: readonly number[], expected: readonly number[], tolerance: number) => {
  for (const [i, loss] of expected.entries())
    checkNear(`${what}, loss of step ${i}`, found[i] ?? Number.NaN, loss, tolerance)
}
