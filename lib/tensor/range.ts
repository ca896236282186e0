import { ValueError } from '../error/tensorError.ts'
import { describe } from './data.ts'

type Numbers = { readonly [name: string]: number }

const checked =
  (expected: string, holds: (x: number) => boolean) =>
  (op: string, numbers: Numbers): void => {
    for (const [name, x] of Object.entries(numbers))
      if (typeof x !== 'number' || !holds(x))
        throw new ValueError({ op, expected: `${name} ${expected}`, actual: describe(x) })
  }

/** Checks the decay of a running mean: with 1 it would never change. */
export const checkDecay = checked('from 0 up to 1', (x) => x >= 0 && x < 1)
export const checkShare = checked('from 0 to 1', (x) => x >= 0 && x <= 1)
export const checkNotNegative = checked(
  'that is finite and not negative',
  (x) => x >= 0 && x < Number.POSITIVE_INFINITY,
)
export const checkPositive = checked('that is finite and above 0', (x) => x > 0 && x < Number.POSITIVE_INFINITY)
export const checkCount = checked('that is a whole number from 1', (x) => Number.isSafeInteger(x) && x >= 1)
