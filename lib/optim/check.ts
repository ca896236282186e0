import { StructureError, ValueError } from '../error/tensorError.ts'
import { describe } from '../tensor/data.ts'

/** Steps at which something changes: in order, the first not before 1. */
export const checkSteps = (op: string, steps: readonly number[]): void => {
  if (steps.every((n, i) => Number.isSafeInteger(n) && n > (steps[i - 1] ?? 0))) return
  throw new ValueError({ op, expected: 'steps in order, whole numbers from 1', actual: steps.join(', ') })
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
