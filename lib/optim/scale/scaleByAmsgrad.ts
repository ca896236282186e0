import { onHost } from '../../kernel/slot.ts'
import { div } from '../../op/elementwise/div.ts'
import { maximum } from '../../op/elementwise/maximum.ts'
import { scale, shift } from '../../op/elementwise/scale.ts'
import { sqrt } from '../../op/elementwise/sqrt.ts'
import { average, square } from '../entrywise.ts'
import { power } from '../power.ts'
import { byNumbers, type WithSlots } from '../slots.ts'
import type { Transformation } from '../transformation.ts'
import { type AdamOptions, adamNumbers } from './scaleByAdam.ts'

/**
 * Adam's scaling with the largest mean square so far instead of the current one: μ and ν as in `scaleByAdam`, ν̂ ←
 * max(ν̂, ν), the update (μ / (1 − b1ᵗ)) / (√(ν̂ / (1 − b2ᵗ)) + eps). Reddi, Kale and Kumar, "On the convergence of
 * Adam and beyond" (2018), with the bias corrections of PyTorch's `amsgrad=True`.
 *
 * @example
 * import { fromNested, scaleByAmsgrad, toNested } from 'pullback'
 * const t = scaleByAmsgrad()
 * const g = { b: fromNested([5, -0.1]) }
 * toNested(t.update(g, t.init(g), g)[0].b).map(Math.round) // => [1, -1]
 */
export const scaleByAmsgrad = (options: AdamOptions = {}): Transformation<WithSlots<'mu' | 'nu' | 'top'>> => {
  const { b1, b2, eps } = adamNumbers('scaleByAmsgrad', options)
  const inverses = onHost((count: number) => ({ i1: 1 / (1 - power(b1, count)), i2: 1 / (1 - power(b2, count)) }))
  return byNumbers('scaleByAmsgrad', ['mu', 'nu', 'top'], inverses, ({ i1, i2 }) => (g, mu, nu, top) => {
    const m = average(mu, g, b1)
    const v = average(nu, square(g), b2)
    const largest = maximum(top, v)
    const root = sqrt(scale(largest, i2))
    return [div(scale(m, i1), shift(root, eps)), m, v, largest]
  })
}
