import { addDecayedWeights } from './addDecayedWeights.ts'
import { chain } from './chain.ts'
import { type AdadeltaOptions, scaleByAdadelta } from './scaleByAdadelta.ts'
import { type AdagradOptions, scaleByAdagrad } from './scaleByAdagrad.ts'
import { type AdamOptions, scaleByAdam } from './scaleByAdam.ts'
import { scaleByAdamax } from './scaleByAdamax.ts'
import { scaleByAmsgrad } from './scaleByAmsgrad.ts'
import { type LionOptions, scaleByLion } from './scaleByLion.ts'
import { type NadamOptions, scaleByNadam } from './scaleByNadam.ts'
import { scaleByRadam } from './scaleByRadam.ts'
import { descend, type Rate } from './scaleBySchedule.ts'
import type { Where } from './where.ts'

/**
 * Adagrad: `scaleByAdagrad`, then −rate.
 *
 * @example
 * import { adagrad, fromNested, toNested } from 'pullback'
 * const t = adagrad(0.5)
 * const g = { b: fromNested([123]) }
 * toNested(t.update(g, t.init(g), g)[0].b) // => [-0.5]
 */
export const adagrad = (rate: Rate = 1e-2, options: AdagradOptions = {}) =>
  chain(scaleByAdagrad(options), descend('adagrad', rate))

/**
 * Adadelta: `scaleByAdadelta`, then −rate, which is 1 if not given.
 *
 * @example
 * import { adadelta, fromNested, item } from 'pullback'
 * const t = adadelta()
 * const g = { b: fromNested([123]) }
 * item(t.update(g, t.init(g), g)[0].b).toFixed(5) // => '-0.00316'
 */
export const adadelta = (rate: Rate = 1, options: AdadeltaOptions = {}) =>
  chain(scaleByAdadelta(options), descend('adadelta', rate))

/**
 * Adam: `scaleByAdam`, then −rate.
 *
 * @example
 * import { adam, fromNested, item } from 'pullback'
 * const t = adam(0.5)
 * const g = { b: fromNested([123]) }
 * item(t.update(g, t.init(g), g)[0].b).toFixed(6) // => '-0.500000'
 */
export const adam = (rate: Rate = 1e-3, options: AdamOptions = {}) => chain(scaleByAdam(options), descend('adam', rate))

/**
 * AMSGrad: `scaleByAmsgrad`, then −rate.
 *
 * @example
 * import { amsgrad, fromNested, item } from 'pullback'
 * const t = amsgrad(0.5)
 * const g = { b: fromNested([123]) }
 * item(t.update(g, t.init(g), g)[0].b).toFixed(6) // => '-0.500000'
 */
export const amsgrad = (rate: Rate = 1e-3, options: AdamOptions = {}) =>
  chain(scaleByAmsgrad(options), descend('amsgrad', rate))

/** What decays, and how much. */
export interface DecayOptions {
  readonly weightDecay?: number
  /** The parameters that decay; all if not given. */
  readonly where?: Where
}

/**
 * AdamW: `scaleByAdam`, `addDecayedWeights`, then −rate: the decay is that of the parameters before the step, times the rate, and is not
 * scaled with the gradient. Loshchilov and Hutter, "Decoupled weight decay regularization" (2019), as in PyTorch.
 *
 * @example
 * import { adamw, fromNested, item } from 'pullback'
 * const t = adamw(0.5, { weightDecay: 0.1, where: ['W'] })
 * const [params, g] = [{ W: fromNested([10]), b: fromNested([10]) }, { W: fromNested([5]), b: fromNested([5]) }]
 * item(t.update(g, t.init(g), params)[0].W).toFixed(5) // => '-1.00000'
 */
export const adamw = (rate: Rate = 1e-3, { weightDecay = 1e-2, where, ...options }: AdamOptions & DecayOptions = {}) =>
  chain(scaleByAdam(options), addDecayedWeights(weightDecay, where), descend('adamw', rate))

/**
 * Adamax: `scaleByAdamax`, then −rate.
 *
 * @example
 * import { adamax, fromNested, item } from 'pullback'
 * const t = adamax(0.5)
 * const g = { b: fromNested([123]) }
 * item(t.update(g, t.init(g), g)[0].b).toFixed(6) // => '-0.500000'
 */
export const adamax = (rate: Rate = 2e-3, options: AdamOptions = {}) =>
  chain(scaleByAdamax(options), descend('adamax', rate))

/**
 * NAdam: `scaleByNadam`, then −rate.
 *
 * @example
 * import { fromNested, item, nadam } from 'pullback'
 * const t = nadam(0.5)
 * const g = { b: fromNested([123]) }
 * item(t.update(g, t.init(g), g)[0].b).toFixed(3) // => '-0.528'
 */
export const nadam = (rate: Rate = 2e-3, options: NadamOptions = {}) =>
  chain(scaleByNadam(options), descend('nadam', rate))

/**
 * RAdam: `scaleByRadam`, then −rate.
 *
 * @example
 * import { fromNested, item, radam } from 'pullback'
 * const t = radam(0.5)
 * const g = { b: fromNested([3]) }
 * item(t.update(g, t.init(g), g)[0].b).toFixed(6) // => '-1.500000'
 */
export const radam = (rate: Rate = 1e-3, options: AdamOptions = {}) =>
  chain(scaleByRadam(options), descend('radam', rate))

/**
 * Lion: `scaleByLion`, `addDecayedWeights`, then −rate. Its rate wants to be some ten times smaller than Adam's, and its decay, which
 * is 0 if not given, as much larger.
 *
 * @example
 * import { fromNested, lion, toNested } from 'pullback'
 * const t = lion(0.5)
 * const g = { b: fromNested([123, -4]) }
 * toNested(t.update(g, t.init(g), g)[0].b) // => [-0.5, 0.5]
 */
export const lion = (rate: Rate = 1e-4, { weightDecay = 0, where, ...options }: LionOptions & DecayOptions = {}) =>
  chain(scaleByLion(options), addDecayedWeights(weightDecay, where), descend('lion', rate))
