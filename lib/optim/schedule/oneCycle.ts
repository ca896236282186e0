import { checkOptions } from '../../error/options.ts'
import { ValueError } from '../../error/tensorError.ts'
import { checkCount, checkPositive } from '../../tensor/range.ts'
import { checkChoice } from '../check.ts'
import { halfCosine } from '../power.ts'
import { type Schedule, scheduled } from './schedule.ts'

export interface OneCycleOptions {
  /** The number of all steps; the last is step `steps − 1`. */
  readonly steps: number
  /** The share of the steps in which the rate rises. */
  readonly warmup?: number | undefined
  /** The ratio of the peak to the first rate. */
  readonly startFactor?: number | undefined
  /** The ratio of the first rate to the last. */
  readonly endFactor?: number | undefined
  readonly anneal?: 'cosine' | 'linear' | undefined
}

/**
 * Rises from peak / startFactor to the peak, reached at step warmup · steps − 1, and falls to the first rate /
 * endFactor at the last step, which then stays; both phases follow a cosine or a line. As PyTorch's `OneCycleLR` in two
 * phases, without its change of momentum. Smith and Topin, "Super-convergence" (2018).
 *
 * @example
 * import { schedule } from 'pullback'
 * const rate = schedule.oneCycle(1, { steps: 9, warmup: 1 / 3, startFactor: 2, endFactor: 1000, anneal: 'linear' })
 * const steps = [0, 1, 2]
 * steps.map(rate) // => [0.5, 0.75, 1]
 * rate(8) // => 0.0005
 */
export const oneCycle = (peak: number, options: OneCycleOptions): Schedule => {
  checkOptions('oneCycle', options, ['steps', 'warmup', 'startFactor', 'endFactor', 'anneal'])
  const { steps, warmup = 0.3, startFactor = 25, endFactor = 1e4, anneal = 'cosine' } = options
  checkChoice('oneCycle', 'anneal', anneal, ['cosine', 'linear'])
  checkCount('oneCycle', { steps })
  checkPositive('oneCycle', { warmup, startFactor, endFactor })
  const [turn, last] = [warmup * steps - 1, steps - 1]
  if (!(turn > 0 && turn < last))
    throw new ValueError({
      op: 'oneCycle',
      expected: 'a warm-up of more than one of the steps and not of all',
      actual: `${warmup} of ${steps}`,
    })
  const first = peak / startFactor
  const between = (from: number, to: number, share: number): number =>
    to + (from - to) * (anneal === 'cosine' ? halfCosine(share) : 1 - share)
  const at = (n: number): number =>
    n <= turn ? between(first, peak, n / turn) : between(peak, first / endFactor, (n - turn) / (last - turn))
  return scheduled('oneCycle', (n) => at(Math.min(n, last)), { peak })
}
