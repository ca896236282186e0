import { checkOptions } from '../../error/options.ts'
import { checkCount } from '../../tensor/range.ts'
import { halfCosine } from '../power.ts'
import type { DecaySteps } from './decay.ts'
import { type Schedule, scheduled } from './schedule.ts'

/**
 * end + (rate − end) · (1 + cos(π n / steps)) / 2 at step n, and the end from `steps` on, where PyTorch's
 * `CosineAnnealingLR` rises again. Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts"
 * (2017).
 *
 * @example
 * import { schedule } from 'pullback'
 * [0, 2, 4, 9].map(schedule.cosine(8, { steps: 4 })) // => [8, 4, 0, 0]
 */
export const cosine = (rate: number, options: DecaySteps): Schedule => {
  checkOptions('cosine', options, ['steps', 'end'])
  const { steps, end = 0 } = options
  checkCount('cosine', { steps })
  return scheduled('cosine', (n) => end + (rate - end) * halfCosine(Math.min(n / steps, 1)), { rate, end })
}

/** The lengths of the periods. */
export interface Restarts {
  /** The number of steps of the first period. */
  readonly first: number
  /** The factor by which each period is longer than the one before: a whole number. */
  readonly factor?: number | undefined
  readonly end?: number | undefined
}

/**
 * A cosine from the rate toward the end in each period, restarted at the next. As PyTorch's
 * `CosineAnnealingWarmRestarts`. Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts" (2017).
 *
 * @example
 * import { schedule } from 'pullback'
 * [0, 1, 2, 4, 6].map(schedule.cosineRestarts(8, { first: 2, factor: 2 })) // => [8, 4, 8, 4, 8]
 */
export const cosineRestarts = (rate: number, options: Restarts): Schedule => {
  checkOptions('cosineRestarts', options, ['first', 'factor', 'end'])
  const { first, factor = 1, end = 0 } = options
  checkCount('cosineRestarts', { first, factor })
  const at = (n: number, length: number): number =>
    n < length ? end + (rate - end) * halfCosine(n / length) : at(n - length, length * factor)
  return scheduled('cosineRestarts', (n) => at(factor === 1 ? n % first : n, first), { rate, end })
}
