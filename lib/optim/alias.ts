import { checkOptions } from '../error/options.ts'
import { type DecayOptions, decayOptions } from './adam.ts'
import { addDecayedWeights } from './addDecayedWeights.ts'
import { chain } from './chain.ts'
import { type AdadeltaOptions, adadeltaOptions, scaleByAdadelta } from './scale/scaleByAdadelta.ts'
import { type AdagradOptions, adagradOptions, scaleByAdagrad } from './scale/scaleByAdagrad.ts'
import { type AdamOptions, adamOptions, scaleByAdam } from './scale/scaleByAdam.ts'
import { scaleByAdamax } from './scale/scaleByAdamax.ts'
import { scaleByAmsgrad } from './scale/scaleByAmsgrad.ts'
import { type LionOptions, lionOptions, scaleByLion } from './scale/scaleByLion.ts'
import { type MuonOptions, muonOptions, scaleByMuon } from './scale/scaleByMuon.ts'
import { type NadamOptions, scaleByNadam } from './scale/scaleByNadam.ts'
import { scaleByRadam } from './scale/scaleByRadam.ts'
import { descend, type Rate } from './scale/scaleBySchedule.ts'
import { scaleByTrustRatio } from './scale/scaleByTrustRatio.ts'

/**
 * Adagrad: `scaleByAdagrad` followed by −rate.
 *
 * @example
 * import { adagrad, fromNested, toNested } from 'pullback'
 * const t = adagrad(0.5)
 * const g = { b: fromNested([123]) }
 * toNested(t.update(g, t.init(g), g)[0].b) // => [-0.5]
 */
export const adagrad = (rate: Rate = 1e-2, options: AdagradOptions = {}) => {
  checkOptions('adagrad', options, adagradOptions)
  return chain(scaleByAdagrad(options), descend('adagrad', rate))
}

/**
 * Adadelta: `scaleByAdadelta` followed by −rate; the rate is 1 by default.
 *
 * @example
 * import { adadelta, fromNested, item } from 'pullback'
 * const t = adadelta()
 * const g = { b: fromNested([123]) }
 * item(t.update(g, t.init(g), g)[0].b).toFixed(5) // => '-0.00316'
 */
export const adadelta = (rate: Rate = 1, options: AdadeltaOptions = {}) => {
  checkOptions('adadelta', options, adadeltaOptions)
  return chain(scaleByAdadelta(options), descend('adadelta', rate))
}

/**
 * AMSGrad: `scaleByAmsgrad` followed by −rate.
 *
 * @example
 * import { amsgrad, fromNested, item } from 'pullback'
 * const t = amsgrad(0.5)
 * const g = { b: fromNested([123]) }
 * item(t.update(g, t.init(g), g)[0].b).toFixed(6) // => '-0.500000'
 */
export const amsgrad = (rate: Rate = 1e-3, options: AdamOptions = {}) => {
  checkOptions('amsgrad', options, adamOptions)
  return chain(scaleByAmsgrad(options), descend('amsgrad', rate))
}

/**
 * Adamax: `scaleByAdamax` followed by −rate.
 *
 * @example
 * import { adamax, fromNested, item } from 'pullback'
 * const t = adamax(0.5)
 * const g = { b: fromNested([123]) }
 * item(t.update(g, t.init(g), g)[0].b).toFixed(6) // => '-0.500000'
 */
export const adamax = (rate: Rate = 2e-3, options: AdamOptions = {}) => {
  checkOptions('adamax', options, adamOptions)
  return chain(scaleByAdamax(options), descend('adamax', rate))
}

/**
 * NAdam: `scaleByNadam` followed by −rate.
 *
 * @example
 * import { fromNested, item, nadam } from 'pullback'
 * const t = nadam(0.5)
 * const g = { b: fromNested([123]) }
 * item(t.update(g, t.init(g), g)[0].b).toFixed(3) // => '-0.528'
 */
export const nadam = (rate: Rate = 2e-3, options: NadamOptions = {}) => {
  checkOptions('nadam', options, [...adamOptions, 'momentumDecay'])
  return chain(scaleByNadam(options), descend('nadam', rate))
}

/**
 * RAdam: `scaleByRadam` followed by −rate.
 *
 * @example
 * import { fromNested, item, radam } from 'pullback'
 * const t = radam(0.5)
 * const g = { b: fromNested([3]) }
 * item(t.update(g, t.init(g), g)[0].b).toFixed(6) // => '-1.500000'
 */
export const radam = (rate: Rate = 1e-3, options: AdamOptions = {}) => {
  checkOptions('radam', options, adamOptions)
  return chain(scaleByRadam(options), descend('radam', rate))
}

/**
 * Lion: `scaleByLion`, `addDecayedWeights`, then −rate. A good rate is about ten times smaller than Adam's, and a good
 * decay (0 by default) about ten times larger.
 *
 * @example
 * import { fromNested, lion, toNested } from 'pullback'
 * const t = lion(0.5)
 * const g = { b: fromNested([123, -4]) }
 * toNested(t.update(g, t.init(g), g)[0].b) // => [-0.5, 0.5]
 */
export const lion = (rate: Rate = 1e-4, options: LionOptions & DecayOptions = {}) => {
  checkOptions('lion', options, [...lionOptions, ...decayOptions])
  const { weightDecay = 0, where, ...scaling } = options
  return chain(scaleByLion(scaling), addDecayedWeights(weightDecay, where), descend('lion', rate))
}

/**
 * LAMB, for large minibatches: `scaleByAdam`, `addDecayedWeights`, `scaleByTrustRatio`, then −rate. The rate is the
 * share of its own length by which each tensor moves. Epsilon is 1e-6 and the decay 0.01 by default. `where` selects
 * the parameters that decay; the trust ratio is that of all tensors. You and others, "Large batch optimization for deep
 * learning: training BERT in 76 minutes" (2020).
 *
 * @example
 * import { fromNested, lamb, item } from 'pullback'
 * const t = lamb(0.5, { weightDecay: 0 })
 * const [params, g] = [{ b: fromNested([4]) }, { b: fromNested([123]) }]
 * item(t.update(g, t.init(params), params)[0].b).toFixed(5) // => '-2.00000'
 */
export const lamb = (rate: Rate = 1e-3, options: AdamOptions & DecayOptions = {}) => {
  checkOptions('lamb', options, [...adamOptions, ...decayOptions])
  const { weightDecay = 1e-2, where, eps = 1e-6, ...scaling } = options
  return chain(
    scaleByAdam({ ...scaling, eps }),
    addDecayedWeights(weightDecay, where),
    scaleByTrustRatio(),
    descend('lamb', rate),
  )
}

/**
 * Muon: `scaleByMuon`, `addDecayedWeights`, then −rate. The rate and the decay are 1e-3 and 0.1 by default, as in
 * PyTorch. Matrices and kernels of convolutions get orthogonal updates, vectors those of Adam, at the same rate. Tables
 * of embeddings and the last layer are better left to Adam: `partition(muon(), { head: adamw() })`.
 *
 * @example
 * import { fromNested, muon, item } from 'pullback'
 * const t = muon(0.5, { weightDecay: 0 })
 * const g = { b: fromNested([123]) }
 * item(t.update(g, t.init(g), g)[0].b).toFixed(5) // => '-0.50000'
 */
export const muon = (rate: Rate = 1e-3, options: MuonOptions & DecayOptions = {}) => {
  checkOptions('muon', options, [...muonOptions, ...decayOptions])
  const { weightDecay = 0.1, where, ...scaling } = options
  return chain(scaleByMuon(scaling), addDecayedWeights(weightDecay, where), descend('muon', rate))
}
