import { isFrom } from '../error/options.ts'
import { ValueError } from '../error/tensorError.ts'
import { describe } from '../tensor/data.ts'
import { columnOf, type History } from './history.ts'
import { bestOf, type Monitor, monitorOf } from './monitor.ts'

/**
 * A rule that stops a run: a function from its history to the reason, or undefined. It has no state, so a resumed run
 * needs none.
 */
export type StopRule = (history: History) => string | undefined

/**
 * Stops a run when a column has not improved for a number of epochs.
 *
 * @example
 * import { stop } from 'pullback'
 * const rule = stop.patience(2, 'loss')
 * rule({ loss: [3, 1, 2, 2] }) // => 'no better loss for 2 epochs'
 * rule({ loss: [3, 1, 2] }) // => undefined
 */
export const patience = (epochs: number, monitor: string | Monitor = 'validation.loss'): StopRule => {
  if (!Number.isInteger(epochs) || epochs < 1)
    throw new ValueError({
      op: 'patience',
      expected: 'a whole number of epochs of at least 1',
      actual: describe(epochs),
    })
  const watched = monitorOf('patience', monitor)
  return (history) => {
    const numbers = columnOf('patience', history, watched.column)
    const waited = numbers.length - 1 - Math.max(0, bestOf(numbers, watched))
    return waited >= epochs ? `no better ${watched.column} for ${epochs} epochs` : undefined
  }
}

/**
 * Stops a run when a column has reached a number.
 *
 * @example
 * import { stop } from 'pullback'
 * const rule = stop.target(0.9, 'validation.accuracy')
 * rule({ 'validation.accuracy': [0.8, 0.95] }) // => 'validation.accuracy reached 0.9'
 */
export const target = (goal: number, monitor: string | Monitor = 'validation.loss'): StopRule => {
  if (!Number.isFinite(goal))
    throw new ValueError({ op: 'target', expected: 'a finite number', actual: describe(goal) })
  const { column, better } = monitorOf('target', monitor)
  return (history) => {
    const last = columnOf('target', history, column).at(-1)
    const reached = last !== undefined && (better === 'lower' ? last <= goal : last >= goal)
    return reached ? `${column} reached ${goal}` : undefined
  }
}

/**
 * Stops a run after a number of seconds of training, including those before an interruption. Checked at the end of each
 * epoch.
 *
 * @example
 * import { stop } from 'pullback'
 * stop.time(60)({ seconds: [40, 70] }) // => '60 seconds are over'
 */
export const time = (seconds: number): StopRule => {
  if (!isFrom(seconds, 0, Number.POSITIVE_INFINITY))
    throw new ValueError({ op: 'time', expected: 'a number of seconds', actual: describe(seconds) })
  return (history) =>
    (columnOf('time', history, 'seconds').at(-1) ?? 0) >= seconds ? `${seconds} seconds are over` : undefined
}
