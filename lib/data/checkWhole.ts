import { ValueError } from '../error/tensorError.ts'
import { describe } from '../tensor/data.ts'

/** Checks a count: a whole number of at least `least`. */
export const checkWhole = (op: string, what: string, n: number, least: number): void => {
  if (!Number.isSafeInteger(n) || n < least)
    throw new ValueError({ op, expected: `${what}: a whole number of at least ${least}`, actual: describe(n) })
}
