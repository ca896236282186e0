import { checkOptions } from '../error/options.ts'
import { type DecayOptions, decayOptions } from './adam.ts'
import { addDecayedWeights } from './addDecayedWeights.ts'
import { type Chained, chain } from './chain.ts'
import { power } from './power.ts'
import { type AdamOptions, adamNumbers, adamOptions } from './scale/scaleByAdam.ts'
import { scaleByRms } from './scale/scaleByRms.ts'
import { type Rate, rateAt } from './scale/scaleBySchedule.ts'
import type { WithSlots } from './slots.ts'
import type { Stateless, Transformation } from './transformation.ts'
import { averaging, type WithScheduleFree } from './wrapper/scheduleFree.ts'

/**
 * Schedule-free AdamW: `scheduleFree` around `scaleByRms` with the share b2 and `addDecayedWeights` (0 by default),
 * with rate · √(1 − b2ᵗ) at step t. It learns at a constant rate, by default 0.0025, better after some steps of warming
 * up: `schedule.linearWarmup`. **Predict with the average**: `averaged(run)`, and `evaluated: averaged` for `fit`.
 * Defazio and others, "The road less scheduled" (2024), algorithm 1; the decay is that of the point at which the
 * gradient is taken.
 *
 * @example
 * import { averaged, examples, fit, fromNested, key, leastSquares, linear, predict, scheduleFreeAdamw } from 'pullback'
 * const train = examples({ input: fromNested([[1], [2]]), target: fromNested([[2], [4]]) })
 * const net = linear(1, 1)
 * const options = { train, validation: train, key: key(0), epochs: 100, evaluated: averaged }
 * let state
 * for await (state of fit(net, leastSquares, scheduleFreeAdamw(0.5), options));
 * state !== undefined && Math.round(predict(net, averaged(state), fromNested([[3]])).get(0, 0)) // => 6
 */
export const scheduleFreeAdamw = (
  rate: Rate = 2.5e-3,
  options: AdamOptions & DecayOptions = {},
): Transformation<WithScheduleFree<Chained<readonly [WithSlots<'nu'>, Stateless]>>> => {
  checkOptions('scheduleFreeAdamw', options, [...adamOptions, ...decayOptions])
  const { weightDecay = 0, where, ...scaling } = options
  const { b1, b2, eps } = adamNumbers('scheduleFreeAdamw', scaling)
  const at = rateAt('scheduleFreeAdamw', rate)
  return averaging(
    'scheduleFreeAdamw',
    (count) => at(count) * Math.sqrt(1 - power(b2, count + 1)),
    chain(scaleByRms({ decay: b2, eps }), addDecayedWeights(weightDecay, where)),
    { b1 },
  )
}
