import { checkOptions } from '../../error/options.ts'
import { ValueError } from '../../error/tensorError.ts'
import { checkSteps } from '../check.ts'
import { type Schedule, scheduled } from './schedule.ts'

/**
 * Schedules one after another: the first applies until the first of the steps `at`, and so on, and each counts from its
 * own step 0. There must be one step fewer than schedules, in order; otherwise a `ValueError`. As PyTorch's
 * `SequentialLR`.
 *
 * @example
 * import { schedule } from 'pullback'
 * const rate = schedule.join([schedule.linearWarmup(8, { steps: 2 }), schedule.exponential(8, 0.5)], { at: [2] })
 * const steps = [0, 1, 2, 3]
 * steps.map(rate) // => [0, 4, 8, 4]
 */
export const join = (schedules: readonly Schedule[], options: { readonly at: readonly number[] }): Schedule => {
  checkOptions('join', options, ['at'])
  const { at } = options
  checkSteps('join', at)
  if (schedules.length !== at.length + 1)
    throw new ValueError({
      op: 'join',
      expected: `${at.length + 1} schedules, one more than steps`,
      actual: `${schedules.length}`,
      code: 'size-mismatch',
    })
  return scheduled('join', (n) => {
    const i = at.filter((s) => s <= n).length
    return (schedules[i] as Schedule)(n - (at[i - 1] ?? 0))
  })
}
