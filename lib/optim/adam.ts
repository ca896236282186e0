import { checkOptions } from '../error/options.ts'
import { onHost } from '../kernel/slot.ts'
import { adamApplied } from '../op/elementwise/adam.ts'
import type { Selection } from '../tree/selection.ts'
import { type Tree, zipMany } from '../tree/tree.ts'
import type { Tensor } from '../type/tensor.ts'
import { addDecayedWeights } from './addDecayedWeights.ts'
import { type Chained, chain, checkStates } from './chain.ts'
import { checkState, following } from './check.ts'
import { type AdamOptions, adamOptions, adamScaling, scaleByAdam } from './scale/scaleByAdam.ts'
import { type Counted, descend, type Rate, rateAt, type WithCount } from './scale/scaleBySchedule.ts'
import type { Slots, WithSlots } from './slots.ts'
import { type StateFn, type Stateless, type Transformation, withApply } from './transformation.ts'

type Moments = WithSlots<'mu' | 'nu'>

/**
 * A chain of `scaleByAdam`, the decay if there are three parts, and −rate, whose `apply` takes one pass over the
 * numbers.
 */
const inOnePass = <F extends StateFn>(
  t: Transformation<F>,
  length: 2 | 3,
  { op, rate, decay, ...options }: AdamOptions & { readonly op: string; readonly rate: Rate; readonly decay: number },
): Transformation<F> => {
  const at = onHost(rateAt(op, rate))
  const [scaling, kept] = [adamScaling(options), onHost((now: number) => 1 - now * decay)]
  const apply = <P extends Tree>(updates: P, states: unknown, params: P): readonly [P, unknown] => {
    checkStates(states, length)
    const all = states as readonly unknown[]
    const [moments, { count: steps }] = [all[0] as Slots<'mu' | 'nu', P>, all[length - 1] as Counted]
    checkState('scaleByAdam', moments, ['count', 'mu', 'nu'])
    checkState(op, all[length - 1], ['count'])
    const count = following(moments.count)
    const now = at(steps)
    const numbers = { ...scaling(count), keep: kept(now), rate: now }
    const [after, mu, nu] = zipMany<P>(op, [updates, moments.mu, moments.nu, params], 3, (...tensors) =>
      adamApplied(...(tensors as unknown as readonly [Tensor, Tensor, Tensor, Tensor]), numbers),
    )
    return [after as P, [{ count, mu, nu }, ...all.slice(1, -1), { count: following(steps) }]]
  }
  return withApply(t, apply as Transformation<F>['update'])
}

/**
 * Adam: `scaleByAdam` followed by −rate.
 *
 * @example
 * import { adam, fromNested, item } from 'pullback'
 * const t = adam(0.5)
 * const g = { b: fromNested([123]) }
 * item(t.update(g, t.init(g), g)[0].b).toFixed(6) // => '-0.500000'
 */
export const adam = (
  rate: Rate = 1e-3,
  options: AdamOptions = {},
): Transformation<Chained<readonly [Moments, WithCount]>> => {
  checkOptions('adam', options, adamOptions)
  return inOnePass(chain(scaleByAdam(options), descend('adam', rate)), 2, { ...options, op: 'adam', rate, decay: 0 })
}

/** Options of weight decay. */
export interface DecayOptions {
  readonly weightDecay?: number | undefined
  /** The parameters that decay; all by default. */
  readonly where?: Selection | undefined
}

export const decayOptions = ['weightDecay', 'where'] as const

/**
 * AdamW: `scaleByAdam`, `addDecayedWeights`, then −rate. The decay is proportional to the parameters before the step,
 * is multiplied by the rate, and is not scaled with the gradient. Loshchilov and Hutter, "Decoupled weight decay
 * regularization" (2019), as in PyTorch.
 *
 * @example
 * import { adamw, fromNested, item } from 'pullback'
 * const t = adamw(0.5, { weightDecay: 0.1, where: ['W'] })
 * const [params, g] = [{ W: fromNested([10]), b: fromNested([10]) }, { W: fromNested([5]), b: fromNested([5]) }]
 * item(t.update(g, t.init(g), params)[0].W).toFixed(5) // => '-1.00000'
 */
export const adamw = (
  rate: Rate = 1e-3,
  options: AdamOptions & DecayOptions = {},
): Transformation<Chained<readonly [Moments, Stateless, WithCount]>> => {
  checkOptions('adamw', options, [...adamOptions, ...decayOptions])
  const { weightDecay = 1e-2, where, ...scaling } = options
  const t = chain(scaleByAdam(scaling), addDecayedWeights(weightDecay, where), descend('adamw', rate))
  return where === undefined ? inOnePass(t, 3, { ...scaling, op: 'adamw', rate, decay: weightDecay }) : t
}
