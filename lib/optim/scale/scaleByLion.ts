import { checkOptions } from '../../error/options.ts'
import { checkDecay } from '../../tensor/range.ts'
import { average, sign } from '../entrywise.ts'
import { bySlots, type WithSlots } from '../slots.ts'
import type { Transformation } from '../transformation.ts'

export interface LionOptions {
  /** The share of the mean in the update. */
  readonly b1?: number | undefined
  /** The share of the mean that stays at each step. */
  readonly b2?: number | undefined
}

export const lionOptions = ['b1', 'b2'] as const

/**
 * The update is the sign of a mean of the gradients, sign(b1 μ + (1 − b1) g), with sign 0 = 0, and NaN where the
 * gradient is not finite; then μ ← b2 μ + (1 − b2) g, which starts at zero. Chen and others, "Symbolic discovery of
 * optimization algorithms" (2023).
 *
 * @example
 * import { fromNested, scaleByLion, toNested } from 'pullback'
 * const t = scaleByLion()
 * const g = { b: fromNested([5, -0.1, 0]) }
 * toNested(t.update(g, t.init(g), g)[0].b) // => [1, -1, 0]
 */
export const scaleByLion = (options: LionOptions = {}): Transformation<WithSlots<'mu'>> => {
  checkOptions('scaleByLion', options, lionOptions)
  const { b1 = 0.9, b2 = 0.99 } = options
  checkDecay('scaleByLion', { b1, b2 })
  return bySlots('scaleByLion', ['mu'], () => (g, mu) => [sign(average(mu, g, b1)), average(mu, g, b2)])
}
