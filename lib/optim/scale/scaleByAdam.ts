import { checkOptions } from '../../error/options.ts'
import { type AdamScaling, adamStep } from '../../op/elementwise/adam.ts'
import { checkDecay, checkNotNegative } from '../../tensor/range.ts'
import { power } from '../power.ts'
import { bySlots, type WithSlots } from '../slots.ts'
import type { Transformation } from '../transformation.ts'

export interface AdamOptions {
  /** The share of the mean gradient that stays at each step. */
  readonly b1?: number | undefined
  /** The share of the mean square that stays at each step. */
  readonly b2?: number | undefined
  /** The number added to the root, not under it. */
  readonly eps?: number | undefined
}

export const adamOptions = ['b1', 'b2', 'eps'] as const

/** The options of Adam and its relatives, checked and with defaults filled in. */
export const adamNumbers = (op: string, options: AdamOptions, more: readonly string[] = []) => {
  checkOptions(op, options, [...adamOptions, ...more])
  const { b1 = 0.9, b2 = 0.999, eps = 1e-8 } = options
  checkDecay(op, { b1, b2 })
  checkNotNegative(op, { eps })
  return { b1, b2, eps }
}

/** The numbers that the update with this count needs. */
export const adamScaling = ({ b1 = 0.9, b2 = 0.999, eps = 1e-8 }: AdamOptions, count: number): AdamScaling => ({
  b1,
  b2,
  eps,
  c1: 1 - power(b1, count),
  c2: 1 - power(b2, count),
})

/**
 * Adam's scaling: with μ ← b1 μ + (1 − b1) g and ν ← b2 ν + (1 − b2) g², which start at zero, the update after t steps
 * is (μ / (1 − b1ᵗ)) / (√(ν / (1 − b2ᵗ)) + eps). Kingma and Ba, "Adam: a method for stochastic optimization" (2015);
 * epsilon is outside the root, as there and in PyTorch.
 *
 * @example
 * import { fromNested, scaleByAdam, toNested } from 'pullback'
 * const t = scaleByAdam()
 * const g = { b: fromNested([5, -0.1]) }
 * toNested(t.update(g, t.init(g), g)[0].b).map(Math.round) // => [1, -1]
 */
export const scaleByAdam = (options: AdamOptions = {}): Transformation<WithSlots<'mu' | 'nu'>> => {
  const { b1, b2, eps } = adamNumbers('scaleByAdam', options)
  return bySlots('scaleByAdam', ['mu', 'nu'], (count) => {
    const scaling = adamScaling({ b1, b2, eps }, count)
    return (g, mu, nu) => adamStep(g, mu, nu, scaling)
  })
}
