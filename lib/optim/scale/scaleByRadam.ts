import { onHost } from '../../kernel/slot.ts'
import { div } from '../../op/elementwise/div.ts'
import { scale, shift } from '../../op/elementwise/scale.ts'
import { sqrt } from '../../op/elementwise/sqrt.ts'
import { average, square } from '../entrywise.ts'
import { power } from '../power.ts'
import { byNumbers, type WithSlots } from '../slots.ts'
import type { Transformation } from '../transformation.ts'
import { type AdamOptions, adamNumbers } from './scaleByAdam.ts'

/**
 * Adam that adapts its step only once the variance is well enough known: with μ and ν as in `scaleByAdam`, ρ∞ = 2 / (1
 * − b2) − 1 and ρ = ρ∞ − 2 t b2ᵗ / (1 − b2ᵗ), the update is μ / (1 − b1ᵗ), multiplied where ρ > 5 by √((ρ − 4)(ρ − 2)
 * ρ∞ / ((ρ∞ − 4)(ρ∞ − 2) ρ)) · √(1 − b2ᵗ) / (√ν + eps). Liu and others, "On the variance of the adaptive learning rate
 * and beyond" (2020); epsilon is added to the root of the uncorrected ν, as in PyTorch.
 *
 * @example
 * import { fromNested, scaleByRadam, toNested } from 'pullback'
 * const t = scaleByRadam()
 * const g = { b: fromNested([5, -1]) }
 * toNested(t.update(g, t.init(g), g)[0].b).map(Math.round) // => [5, -1]
 */
export const scaleByRadam = (options: AdamOptions = {}): Transformation<WithSlots<'mu' | 'nu'>> => {
  const { b1, b2, eps } = adamNumbers('scaleByRadam', options)
  const most = 2 / (1 - b2) - 1
  const rhoAt = (count: number): number => most - (2 * count * power(b2, count)) / (1 - power(b2, count))
  const isRectified = onHost((count: number) => rhoAt(count) > 5)
  const factorAt = onHost((count: number) => {
    const [c1, left, rho] = [1 - power(b1, count), power(b2, count), rhoAt(count)]
    if (!(rho > 5)) return 1 / c1
    return Math.sqrt((((rho - 4) * (rho - 2) * most) / ((most - 4) * (most - 2) * rho)) * (1 - left)) / c1
  })
  const numbers = (count: number) => ({ factor: factorAt(count), rectified: isRectified(count) })
  return byNumbers('scaleByRadam', ['mu', 'nu'], numbers, ({ factor, rectified }) => (g, mu, nu) => {
    const m = average(mu, g, b1)
    const v = average(nu, square(g), b2)
    return [rectified ? div(scale(m, factor), shift(sqrt(v), eps)) : scale(m, factor), m, v]
  })
}
