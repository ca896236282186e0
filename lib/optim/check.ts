import { StructureError, ValueError } from '../error/tensorError.ts'
import { onHost } from '../kernel/slot.ts'
import { describe } from '../tensor/data.ts'

/**
 * Error for an option that is not a boolean. Without it, JavaScript would silently take any other value as true or
 * false.
 */
export const checkFlag = (op: string, flags: { readonly [name: string]: boolean }): void => {
  for (const [name, x] of Object.entries(flags))
    if (typeof x !== 'boolean')
      throw new ValueError({
        op,
        expected: `${name} that is true or false`,
        actual: describe(x),
        code: 'wrong-argument',
      })
}

/** Error for a value that is not one of the given names. */
export const checkChoice = (op: string, name: string, given: string, names: readonly string[]): void => {
  if (names.includes(given)) return
  throw new ValueError({
    op,
    expected: `${name} to be one of ${names.join(', ')}`,
    actual: describe(given),
    code: 'unknown-choice',
  })
}

/** Error for step numbers that do not increase or do not start at 1 or later. */
export const checkSteps = (op: string, steps: readonly number[]): void => {
  const expected = 'steps in order, whole numbers from 1'
  if (!Array.isArray(steps)) throw new ValueError({ op, expected, actual: describe(steps), code: 'wrong-argument' })
  if (steps.every((n, i) => Number.isSafeInteger(n) && n > (steps[i - 1] ?? 0))) return
  throw new ValueError({ op, expected, actual: steps.join(', ') })
}

/** Error for a state that lacks the names its transformation uses, as the state of another transformation does. */
export const checkState = (op: string, state: unknown, names: readonly string[]): void => {
  const found = typeof state === 'object' && state !== null && !Array.isArray(state) ? Object.keys(state) : undefined
  if (found?.length === names.length && names.every((name) => found.includes(name))) return
  throw new StructureError({
    op,
    expected: `its own state, with ${names.length === 0 ? 'no names' : `the names ${names.join(', ')}`}`,
    actual: describe(state),
    code: 'structure-mismatch',
    remedy: 'start with what init gives',
  })
}

/** The count after one more update. */
export const following = onHost((count: number): number => count + 1)
