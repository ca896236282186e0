import { checkOptions } from '../../error/options.ts'
import { onHost } from '../../kernel/slot.ts'
import { type AdamScaling, adamStep } from '../../op/elementwise/adam.ts'
import { checkDecay, checkNotNegative } from '../../tensor/range.ts'
import { power } from '../power.ts'
import { byNumbers, type WithSlots } from '../slots.ts'
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

/** 1 − bᵗ: the correction of a mean that started at zero, after t updates. */
export const corrections = (b: number): ((count: number) => number) => onHost((count: number) => 1 - power(b, count))

/** The numbers that the update with a count needs. */
export const adamScaling = (o: AdamOptions): ((count: number) => AdamScaling) => {
  const { b1 = 0.9, b2 = 0.999, eps = 1e-8 } = o
  const [c1, c2] = [corrections(b1), corrections(b2)]
  return (count) => ({ b1, b2, eps, c1: c1(count), c2: c2(count) })
}

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
  const scaling = adamScaling(adamNumbers('scaleByAdam', options))
  return byNumbers('scaleByAdam', ['mu', 'nu'], scaling, (numbers) => (g, mu, nu) => adamStep(g, mu, nu, numbers))
}
