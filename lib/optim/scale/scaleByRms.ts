import { checkOptions } from '../../error/options.ts'
import { relu } from '../../op/activation/relu.ts'
import { div } from '../../op/elementwise/div.ts'
import { shift } from '../../op/elementwise/scale.ts'
import { sqrt } from '../../op/elementwise/sqrt.ts'
import { sub } from '../../op/elementwise/sub.ts'
import { checkDecay, checkNotNegative } from '../../tensor/range.ts'
import { average, square } from '../entrywise.ts'
import { bySlots, type WithSlots } from '../slots.ts'
import type { Transformation } from '../transformation.ts'

export interface RmsOptions {
  /** The share of the means that stays at each step. */
  readonly decay?: number | undefined
  /** The number added to the root, not under it. */
  readonly eps?: number | undefined
}

export const rmsOptions = ['decay', 'eps'] as const

const rmsNumbers = (op: string, options: RmsOptions) => {
  checkOptions(op, options, rmsOptions)
  const { decay = 0.99, eps = 1e-8 } = options
  checkDecay(op, { decay })
  checkNotNegative(op, { eps })
  return { decay, eps }
}

/**
 * Divides gradients by the root of their mean square: ν ← decay ν + (1 − decay) g², the update g / (√ν + eps). ν starts
 * at zero, without bias correction. Hinton, "Neural networks for machine learning", lecture 6 (2012); epsilon is
 * outside the root, as in PyTorch.
 *
 * @example
 * import { fromNested, scaleByRms, toNested } from 'pullback'
 * const t = scaleByRms({ decay: 0.75 })
 * const g = { b: fromNested([5, -0.1]) }
 * toNested(t.update(g, t.init(g), g)[0].b).map(Math.round) // => [2, -2]
 */
export const scaleByRms = (options: RmsOptions = {}): Transformation<WithSlots<'nu'>> => {
  const { decay, eps } = rmsNumbers('scaleByRms', options)
  return bySlots('scaleByRms', ['nu'], () => (g, nu) => {
    const v = average(nu, square(g), decay)
    return [div(g, shift(sqrt(v), eps)), v]
  })
}

/**
 * Divides gradients by their deviation, RMSprop's centered form: μ ← decay μ + (1 − decay) g, ν ← decay ν + (1 − decay)
 * g², the update g / (√(ν − μ²) + eps), where ν − μ² is at least 0, whatever the rounding. Graves, "Generating
 * sequences with recurrent neural networks" (2013); epsilon is outside the root, as in PyTorch's `centered=True`.
 *
 * @example
 * import { fromNested, scaleByDeviation, toNested } from 'pullback'
 * const t = scaleByDeviation({ decay: 0.5 })
 * const g = { b: fromNested([5, -0.1]) }
 * toNested(t.update(g, t.init(g), g)[0].b).map(Math.round) // => [2, -2]
 */
export const scaleByDeviation = (options: RmsOptions = {}): Transformation<WithSlots<'mu' | 'nu'>> => {
  const { decay, eps } = rmsNumbers('scaleByDeviation', options)
  return bySlots('scaleByDeviation', ['mu', 'nu'], () => (g, mu, nu) => {
    const m = average(mu, g, decay)
    const v = average(nu, square(g), decay)
    return [div(g, shift(sqrt(relu(sub(v, square(m)))), eps)), m, v]
  })
}
