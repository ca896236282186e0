import { checkOptions } from '../error/options.ts'
import { type DecayOptions, decayOptions } from './adam.ts'
import { addDecayedWeights } from './addDecayedWeights.ts'
import { type Chained, chain } from './chain.ts'
import { clipByRms } from './clip.ts'
import { type FactoredOptions, factoredOptions, scaleByFactoredRms } from './scale/scaleByFactoredRms.ts'
import { scaleByParameterRms } from './scale/scaleByParameterRms.ts'
import { descend, type Rate, type WithCount } from './scale/scaleBySchedule.ts'
import type { WithReshaped } from './slots.ts'
import type { Stateless, Transformation } from './transformation.ts'

export interface AdafactorOptions extends FactoredOptions, DecayOptions {
  /** The largest root of the mean square of a tensor's update, before the rate; 1 by default. */
  readonly clip?: number | undefined
  /** The least size of a parameter tensor, as which one of zeros counts; 1e-3 by default. */
  readonly least?: number | undefined
}

/** The rate of the paper: 1 / √t at step t, and at most 0.01. */
const relative = (n: number): number => Math.min(1e-2, 1 / Math.sqrt(n + 1))

/**
 * Adafactor, which keeps for a matrix of n × m parameters n + m numbers: `scaleByFactoredRms`, `clipByRms`,
 * `scaleByParameterRms`, `addDecayedWeights` (0 by default), then −rate. The rate is a share of the size of each
 * tensor, by default min(0.01, 1 / √t) at step t. There is no momentum: put `momentum` before the rate in a chain of
 * your own. Shazeer and Stern, "Adafactor: adaptive learning rates with sublinear memory cost" (2018).
 *
 * @example
 * import { adafactor, fromNested, toNested } from 'pullback'
 * const t = adafactor(0.5)
 * const [params, g] = [{ W: fromNested([[2, 2]]) }, { W: fromNested([[3, -3]]) }]
 * toNested(t.update(g, t.init(params), params)[0].W).flat().map((x) => x.toFixed(3)) // => ['-1.000', '1.000']
 */
export const adafactor = (
  rate: Rate = relative,
  options: AdafactorOptions = {},
): Transformation<Chained<readonly [WithReshaped<'rows' | 'columns'>, Stateless, Stateless, Stateless, WithCount]>> => {
  checkOptions('adafactor', options, [...factoredOptions, 'clip', 'least', ...decayOptions])
  const { clip = 1, least, weightDecay = 0, where, ...scaling } = options
  return chain(
    scaleByFactoredRms(scaling),
    clipByRms(clip),
    scaleByParameterRms(least),
    addDecayedWeights(weightDecay, where),
    descend('adafactor', rate),
  )
}
