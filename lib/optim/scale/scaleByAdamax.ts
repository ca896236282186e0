import { onHost } from '../../kernel/slot.ts'
import { abs } from '../../op/elementwise/abs.ts'
import { div } from '../../op/elementwise/div.ts'
import { maximum } from '../../op/elementwise/maximum.ts'
import { scale, shift } from '../../op/elementwise/scale.ts'
import { average } from '../entrywise.ts'
import { power } from '../power.ts'
import { byNumbers, type WithSlots } from '../slots.ts'
import type { Transformation } from '../transformation.ts'
import { type AdamOptions, adamNumbers } from './scaleByAdam.ts'

/**
 * Adam with the largest gradient instead of the mean square: μ ← b1 μ + (1 − b1) g, u ← max(b2 u, |g| + eps), the
 * update (μ / (1 − b1ᵗ)) / u. Kingma and Ba, "Adam: a method for stochastic optimization" (2015), section 7; epsilon is
 * inside the maximum, as in PyTorch.
 *
 * @example
 * import { fromNested, scaleByAdamax, toNested } from 'pullback'
 * const t = scaleByAdamax()
 * const g = { b: fromNested([5, -0.1]) }
 * toNested(t.update(g, t.init(g), g)[0].b).map(Math.round) // => [1, -1]
 */
export const scaleByAdamax = (options: AdamOptions = {}): Transformation<WithSlots<'mu' | 'top'>> => {
  const { b1, b2, eps } = adamNumbers('scaleByAdamax', options)
  const inverse = onHost((count: number) => 1 / (1 - power(b1, count)))
  return byNumbers('scaleByAdamax', ['mu', 'top'], inverse, (i1) => (g, mu, top) => {
    const m = average(mu, g, b1)
    const largest = maximum(scale(top, b2), shift(abs(g), eps))
    return [div(scale(m, i1), largest), m, largest]
  })
}
