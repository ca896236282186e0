import { checkOptions } from '../../error/options.ts'
import { div } from '../../op/elementwise/div.ts'
import { mul } from '../../op/elementwise/mul.ts'
import { shift } from '../../op/elementwise/scale.ts'
import { sqrt } from '../../op/elementwise/sqrt.ts'
import { checkDecay, checkNotNegative } from '../../tensor/range.ts'
import { average, square } from '../entrywise.ts'
import { bySlots, type WithSlots } from '../slots.ts'
import type { Transformation } from '../transformation.ts'

export interface AdadeltaOptions {
  /** The share of both mean squares that stays at each step. */
  readonly decay?: number | undefined
  /** The number added under both roots. */
  readonly eps?: number | undefined
}

export const adadeltaOptions = ['decay', 'eps'] as const

/**
 * Scales gradients to the units of the parameters: ν ← decay ν + (1 − decay) g², the update δ = √(d + eps) / √(ν + eps)
 * · g, and then d ← decay d + (1 − decay) δ². Both means start at zero. Zeiler, "Adadelta: an adaptive learning rate
 * method" (2012); epsilon is under the roots, as there and in PyTorch.
 *
 * @example
 * import { fromNested, scaleByAdadelta, toNested } from 'pullback'
 * const t = scaleByAdadelta({ decay: 0.75, eps: 0.25 })
 * const g = { b: fromNested([2, 0]) }
 * toNested(t.update(g, t.init(g), g)[0].b).map((x) => x.toFixed(4)) // => ['0.8944', '0.0000']
 */
export const scaleByAdadelta = (options: AdadeltaOptions = {}): Transformation<WithSlots<'nu' | 'delta'>> => {
  checkOptions('scaleByAdadelta', options, adadeltaOptions)
  const { decay = 0.9, eps = 1e-6 } = options
  checkDecay('scaleByAdadelta', { decay })
  checkNotNegative('scaleByAdadelta', { eps })
  return bySlots('scaleByAdadelta', ['nu', 'delta'], () => (g, nu, delta) => {
    const v = average(nu, square(g), decay)
    const update = mul(div(sqrt(shift(delta, eps)), sqrt(shift(v, eps))), g)
    return [update, v, average(delta, square(update), decay)]
  })
}
