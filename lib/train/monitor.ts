import { checkOptions } from '../error/options.ts'
import { ValueError } from '../error/tensorError.ts'
import { describe } from '../tensor/data.ts'
import { isBranch } from '../tree/tree.ts'

/** A column of the history that measures the quality of a run, and whether lower or higher is better. */
export interface Monitor {
  readonly column: string
  readonly better: 'lower' | 'higher'
}

/** Losses and errors are better when lower, all other columns when higher. */
const lowerIsBetter = /(^|\.)(loss|mae|mse|rmse|error)$/

/** A monitor from the name of a column. */
export const monitorOf = (op: string, monitor: string | Monitor): Monitor => {
  if (typeof monitor === 'string') return { column: monitor, better: lowerIsBetter.test(monitor) ? 'lower' : 'higher' }
  if (isBranch(monitor)) checkOptions(op, monitor, ['column', 'better'])
  if (typeof monitor?.column === 'string' && (monitor.better === 'lower' || monitor.better === 'higher')) return monitor
  throw new ValueError({
    op,
    expected: "the name of a column, or { column, better: 'lower' or 'higher' }",
    actual: describe(monitor),
    code: 'wrong-argument',
  })
}

/** The index of the best number, the first of equals; −1 if none is a number. */
export const bestOf = (numbers: readonly number[], { better }: Monitor): number =>
  numbers.reduce((best, x, i) => {
    const leader = numbers[best]
    if (Number.isNaN(x)) return best
    return leader === undefined || (better === 'lower' ? x < leader : x > leader) ? i : best
  }, -1)
