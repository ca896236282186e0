import { ValueError } from '../../error/tensorError.ts'
import { onHost } from '../../kernel/slot.ts'
import { describe } from '../../tensor/data.ts'
import type { Tree } from '../../tree/tree.ts'
import { checkState, following } from '../check.ts'
import type { Schedule } from '../schedule/schedule.ts'
import { type StateFn, type Transformation, updated, withApply } from '../transformation.ts'
import { scaleBy } from './scale.ts'

/** The number of updates so far. */
export interface Counted {
  readonly count: number
}
export interface WithCount extends StateFn {
  readonly state: Counted
}

/** Multiplies the updates by a number that depends on how many there have been. */
const byCount = (op: string, given: (count: number) => number): Transformation<WithCount> => {
  const factor = onHost(given)
  const next = (state: Counted): Counted => {
    checkState(op, state, ['count'])
    return { count: following(state.count) }
  }
  const t: Transformation<WithCount> = {
    init: () => ({ count: 0 }),
    update: <P extends Tree>(updates: P, state: Counted, params: P) => {
      const after = next(state)
      return [scaleBy(factor(state.count)).update(updates, {}, params)[0], after]
    },
  }
  return withApply(t, (updates, state, params) => {
    const after = next(state)
    return [updated(scaleBy(factor(state.count)), updates, {}, params)[0], after]
  })
}

/**
 * Multiplies the updates by the schedule's value for the step; the first update is step 0.
 *
 * @example
 * import { fromNested, scaleBySchedule, toNested } from 'pullback'
 * const t = scaleBySchedule((step) => -1 / (step + 1))
 * const g = { b: fromNested([12]) }
 * const [first, state] = t.update(g, t.init(g), g)
 * toNested(first.b) // => [-12]
 * toNested(t.update(g, state, g)[0].b) // => [-6]
 */
export const scaleBySchedule = (schedule: Schedule): Transformation<WithCount> => byCount('scaleBySchedule', schedule)

/** A learning rate: a number or a schedule. */
export type Rate = number | Schedule

/**
 * Multiplies the updates by −learningRate, as the last part of a chain. The rate is a number or a schedule; the state
 * is the same for both, so a run can continue with another rate.
 *
 * @example
 * import { chain, fromNested, scaleByLearningRate, scaleByRms, toNested } from 'pullback'
 * const t = chain(scaleByRms({ decay: 0 }), scaleByLearningRate(0.5))
 * const g = { b: fromNested([123]) }
 * toNested(t.update(g, t.init(g), g)[0].b) // => [-0.5]
 */
export const scaleByLearningRate = (rate: Rate): Transformation<WithCount> => descend('scaleByLearningRate', rate)

/** The learning rate after a number of updates; errors name the given optimizer. */
export const rateAt = (op: string, rate: Rate): ((count: number) => number) => {
  const checked = (value: number): number => {
    if (typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY) return value
    throw new ValueError({ op, expected: 'a learning rate that is not negative', actual: describe(value) })
  }
  if (typeof rate === 'function') return (count) => checked(rate(count))
  const constant = checked(rate)
  return () => constant
}

/** Multiplies the updates by −rate; errors name the given optimizer. */
export const descend = (op: string, rate: Rate): Transformation<WithCount> => {
  const at = rateAt(op, rate)
  return byCount(op, (count) => -at(count))
}
