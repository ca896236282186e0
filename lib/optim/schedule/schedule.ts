import { ValueError } from '../../error/tensorError.ts'
import { describe } from '../../tensor/data.ts'
import { checkNotNegative } from '../../tensor/range.ts'

/** A function from the step, counted from 0, to a learning rate or another number. */
export type Schedule = (step: number) => number

/** A schedule from a formula; a value that is not a step is an error that names the schedule. */
export const scheduled = (op: string, at: Schedule, rates: { readonly [name: string]: number } = {}): Schedule => {
  checkNotNegative(op, rates)
  return (step) => {
    if (Number.isSafeInteger(step) && step >= 0) return at(step)
    throw new ValueError({ op, expected: 'a step that is a whole number from 0', actual: describe(step) })
  }
}
