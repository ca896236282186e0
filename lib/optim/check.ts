import { StructureError, ValueError } from '../error/tensorError.ts'
import { describe } from '../tensor/data.ts'

type Numbers = { readonly [name: string]: number }

const checked =
  (expected: string, holds: (x: number) => boolean) =>
  (op: string, numbers: Numbers): void => {
    for (const [name, x] of Object.entries(numbers))
      if (typeof x !== 'number' || !holds(x))
        throw new ValueError({ op, expected: `${name} ${expected}`, actual: describe(x) })
  }

/** What share of a mean stays: 1 would never let anything in. */
export const checkDecay = checked('from 0 up to 1', (x) => x >= 0 && x < 1)
export const checkShare = checked('from 0 to 1', (x) => x >= 0 && x <= 1)
export const checkNotNegative = checked(
  'that is finite and not negative',
  (x) => x >= 0 && x < Number.POSITIVE_INFINITY,
)
export const checkPositive = checked('that is finite and above 0', (x) => x > 0 && x < Number.POSITIVE_INFINITY)
export const checkCount = checked('that is a whole number from 1', (x) => Number.isSafeInteger(x) && x >= 1)

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
