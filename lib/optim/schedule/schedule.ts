import { ValueError } from '../../error/tensorError.ts'
import { describe } from '../../tensor/data.ts'
import { checkNotNegative } from '../../tensor/range.ts'

/** A learning rate, or another number, that depends on the step, from 0. */
export type Schedule = (step: number) => number

/** A schedule from a formula: what is no step is an error that names it. */
export const scheduled = (op: string, at: Schedule, rates: { readonly [name: string]: number } = {}): Schedule => {
  checkNotNegative(op, rates)
  return (step) => {
    if (Number.isSafeInteger(step) && step >= 0) return at(step)
    throw new ValueError({ op, expected: 'a step that is a whole number from 0', actual: describe(step) })
  }
}
