import { onHost } from '../../kernel/slot.ts'
import { addScaled } from '../../op/elementwise/add.ts'
import { div } from '../../op/elementwise/div.ts'
import { scale, shift } from '../../op/elementwise/scale.ts'
import { sqrt } from '../../op/elementwise/sqrt.ts'
import { checkNotNegative } from '../../tensor/range.ts'
import type { Tree } from '../../tree/tree.ts'
import { checkState } from '../check.ts'
import { average, square } from '../entrywise.ts'
import { power, realPower } from '../power.ts'
import { byNumbers, type Slots } from '../slots.ts'
import { type StateFn, type Transformation, withApply } from '../transformation.ts'
import { type AdamOptions, adamNumbers } from './scaleByAdam.ts'

export interface NadamOptions extends AdamOptions {
  /** The speed at which b1 approaches its full value: at step t it is b1 (1 − 0.96^(t · momentumDecay) / 2). */
  readonly momentumDecay?: number | undefined
}
/** Adam's means, and the product of all b1ₜ so far. */
export type NadamState<P> = Slots<'mu' | 'nu', P> & { readonly product: number }
export interface WithNadamState extends StateFn {
  readonly state: NadamState<this['params']>
}

/**
 * Adam with Nesterov's momentum: with b1ₜ = b1 (1 − 0.96^(t · momentumDecay) / 2), Πₜ the product of b1₁ … b1ₜ, and μ
 * and ν as in `scaleByAdam`, the update is ((1 − b1ₜ) / (1 − Πₜ) g + b1ₜ₊₁ / (1 − Πₜ₊₁) μ) / (√(ν / (1 − b2ᵗ)) + eps).
 * Dozat, "Incorporating Nesterov momentum into Adam" (2016), as in PyTorch 2.
 *
 * @example
 * import { fromNested, scaleByNadam, toNested } from 'pullback'
 * const t = scaleByNadam()
 * const g = { b: fromNested([5, -0.1]) }
 * toNested(t.update(g, t.init(g), g)[0].b).map(Math.round) // => [1, -1]
 */
export const scaleByNadam = (options: NadamOptions = {}): Transformation<WithNadamState> => {
  const { b1, b2, eps } = adamNumbers('scaleByNadam', options, ['momentumDecay'])
  const { momentumDecay = 4e-3 } = options
  checkNotNegative('scaleByNadam', { momentumDecay })
  const fading = realPower(0.96, momentumDecay)
  const momentumAt = (t: number): number => b1 * (1 - power(fading, t) / 2)
  const multiplied = onHost((before: number, count: number) => before * momentumAt(count + 1))
  /** The factors of the gradient, of its mean, and of the mean square. */
  const factorsAt = onHost((product: number, count: number) => {
    const [now, next] = [momentumAt(count), momentumAt(count + 1)]
    return { g: (1 - now) / (1 - product), m: next / (1 - product * next), v: 1 / (1 - power(b2, count)) }
  })
  const given = (product: number) =>
    byNumbers(
      'scaleByNadam',
      ['mu', 'nu'],
      (count) => factorsAt(product, count),
      (factors) => (g, mu, nu) => {
        const m = average(mu, g, b1)
        const v = average(nu, square(g), b2)
        const mean = addScaled(scale(g, factors.g), m, factors.m)
        return [div(mean, shift(sqrt(scale(v, factors.v)), eps)), m, v]
      },
    )
  const t: Transformation<WithNadamState> = {
    init: <P extends Tree>(params: P) => ({ ...given(0).init(params), product: 1 }),
    update: <P extends Tree>(updates: P, state: NadamState<P>, params: P) => {
      checkState('scaleByNadam', state, ['count', 'mu', 'nu', 'product'])
      const { product: before, ...slots } = state
      const product = multiplied(before, slots.count)
      const [update, next] = given(product).update(updates, slots, params)
      return [update, { ...next, product }]
    },
  }
  return withApply(t, undefined)
}
