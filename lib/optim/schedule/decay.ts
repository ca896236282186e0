import { checkOptions } from '../../error/options.ts'
import { checkCount, checkNotNegative, checkPositive } from '../../tensor/range.ts'
import { checkSteps } from '../check.ts'
import { power, realPower } from '../power.ts'
import { type Schedule, scheduled } from './schedule.ts'

/**
 * The same value at every step.
 *
 * @example
 * import { schedule } from 'pullback'
 * schedule.constant(0.1)(1000) // => 0.1
 */
export const constant = (rate: number): Schedule => scheduled('constant', () => rate, { rate })

/**
 * rate · factorᵏ, where k is the number of completed periods of `every` steps. As PyTorch's `StepLR`.
 *
 * @example
 * import { schedule } from 'pullback'
 * [0, 2, 3, 6].map(schedule.step(8, { every: 3, factor: 0.5 })) // => [8, 8, 4, 2]
 */
export const step = (
  rate: number,
  options: { readonly every: number; readonly factor?: number | undefined },
): Schedule => {
  checkOptions('step', options, ['every', 'factor'])
  const { every, factor = 0.1 } = options
  checkCount('step', { every })
  return scheduled('step', (n) => rate * power(factor, Math.floor(n / every)), { rate, factor })
}

/**
 * rate · factorᵏ, where k is the number of the steps `at` that have been reached. Steps that are not in order are a
 * `ValueError`. As PyTorch's `MultiStepLR`.
 *
 * @example
 * import { schedule } from 'pullback'
 * [0, 2, 5, 9].map(schedule.multiStep(8, { at: [2, 5], factor: 0.5 })) // => [8, 4, 2, 2]
 */
export const multiStep = (
  rate: number,
  options: { readonly at: readonly number[]; readonly factor?: number | undefined },
): Schedule => {
  checkOptions('multiStep', options, ['at', 'factor'])
  const { at, factor = 0.1 } = options
  checkSteps('multiStep', at)
  return scheduled('multiStep', (n) => rate * power(factor, at.filter((s) => s <= n).length), { rate, factor })
}

/**
 * rate · factorⁿ at step n. As PyTorch's `ExponentialLR`.
 *
 * @example
 * import { schedule } from 'pullback'
 * [0, 1, 2].map(schedule.exponential(8, 0.5)) // => [8, 4, 2]
 */
export const exponential = (rate: number, factor: number): Schedule =>
  scheduled('exponential', (n) => rate * power(factor, n), { rate, factor })

/** Options for the way from a rate to an end. */
export interface DecaySteps {
  /** The first step at which the end is reached. */
  readonly steps: number
  readonly end?: number | undefined
}

/**
 * end + (rate − end) · (1 − n / steps)^power at step n, and the end from `steps` on. As PyTorch's `PolynomialLR`, whose
 * end is 0.
 *
 * @example
 * import { schedule } from 'pullback'
 * [0, 1, 2, 4, 9].map(schedule.polynomial(16, { steps: 4, power: 2 })) // => [16, 9, 4, 0, 0]
 */
export const polynomial = (rate: number, options: DecaySteps & { readonly power?: number | undefined }): Schedule => {
  checkOptions('polynomial', options, ['steps', 'end', 'power'])
  const { steps, end = 0, power = 1 } = options
  checkCount('polynomial', { steps })
  checkPositive('polynomial', { power })
  return scheduled('polynomial', (n) => end + (rate - end) * realPower(1 - Math.min(n / steps, 1), power), {
    rate,
    end,
  })
}

/**
 * Rises linearly from `from`, 0 by default, to the rate, which is reached at step `steps` and then stays. Use `join` to
 * put it before another schedule.
 *
 * @example
 * import { schedule } from 'pullback'
 * [0, 1, 2, 4, 9].map(schedule.linearWarmup(8, { steps: 4 })) // => [0, 2, 4, 8, 8]
 */
export const linearWarmup = (
  rate: number,
  options: { readonly steps: number; readonly from?: number | undefined },
): Schedule => {
  checkOptions('linearWarmup', options, ['steps', 'from'])
  const { steps, from = 0 } = options
  checkCount('linearWarmup', { steps })
  checkNotNegative('linearWarmup', { from })
  return scheduled('linearWarmup', (n) => from + (rate - from) * Math.min(n / steps, 1), { rate })
}
