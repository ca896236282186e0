import { StructureError, ValueError } from '../error/tensorError.ts'
import { describe } from '../tensor/data.ts'

/** Yes or no: in the place of one, other values would be taken for either in silence. */
export const checkFlag = (op: string, flags: { readonly [name: string]: boolean }): void => {
  for (const [name, x] of Object.entries(flags))
    if (typeof x !== 'boolean')
      throw new ValueError({ op, expected: `${name} that is true or false`, actual: describe(x) })
}

/** One of some names. */
export const checkChoice = (op: string, name: string, given: string, names: readonly string[]): void => {
  if (names.includes(given)) return
  throw new ValueError({ op, expected: `${name} to be one of ${names.join(', ')}`, actual: describe(given) })
}

/** Steps at which something changes: in order, the first not before 1. */
export const checkSteps = (op: string, steps: readonly number[]): void => {
  const expected = 'steps in order, whole numbers from 1'
  if (!Array.isArray(steps)) throw new ValueError({ op, expected, actual: describe(steps) })
  if (steps.every((n, i) => Number.isSafeInteger(n) && n > (steps[i - 1] ?? 0))) return
  throw new ValueError({ op, expected, actual: steps.join(', ') })
}

/** A state has the names that its transformation gives it: else it is another's. */
export const checkState = (op: string, state: unknown, names: readonly string[]): void => {
  const found = typeof state === 'object' && state !== null && !Array.isArray(state) ? Object.keys(state) : undefined
  if (found?.length === names.length && names.every((name) => found.includes(name))) return
  throw new StructureError({
    op,
    expected: `its own state, with ${names.length === 0 ? 'no names' : `the names ${names.join(', ')}`}`,
    actual: describe(state),
    remedy: 'start with what init gives',
  })
}
