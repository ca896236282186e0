import { checkOptions } from '../../error/options.ts'
import { add } from '../../op/elementwise/add.ts'
import { div } from '../../op/elementwise/div.ts'
import { shift } from '../../op/elementwise/scale.ts'
import { sqrt } from '../../op/elementwise/sqrt.ts'
import { full } from '../../tensor/create.ts'
import { checkNotNegative } from '../../tensor/range.ts'
import { mapTree } from '../../tree/tree.ts'
import { square } from '../entrywise.ts'
import { bySlots, type WithSlots } from '../slots.ts'
import type { Transformation } from '../transformation.ts'

export interface AdagradOptions {
  /** The initial value of the sum of squares. */
  readonly initial?: number | undefined
  /** The number added to the root, not under it. */
  readonly eps?: number | undefined
}

export const adagradOptions = ['initial', 'eps'] as const

/**
 * Divides gradients by the root of the sum of all squares so far: s ← s + g², the update g / (√s + eps). Duchi, Hazan
 * and Singer, "Adaptive subgradient methods" (2011); epsilon is outside the root, as in PyTorch. PyTorch's `lr_decay`
 * corresponds to the schedule (n) => rate / (1 + n · decay).
 *
 * @example
 * import { fromNested, scaleByAdagrad, toNested } from 'pullback'
 * const t = scaleByAdagrad()
 * const g = { b: fromNested([5, -0.1]) }
 * toNested(t.update(g, t.init(g), g)[0].b).map(Math.round) // => [1, -1]
 */
export const scaleByAdagrad = (options: AdagradOptions = {}): Transformation<WithSlots<'sum'>> => {
  checkOptions('scaleByAdagrad', options, adagradOptions)
  const { initial = 0, eps = 1e-10 } = options
  checkNotNegative('scaleByAdagrad', { initial, eps })
  return bySlots(
    'scaleByAdagrad',
    ['sum'],
    () => (g, sum) => {
      const s = add(sum, square(g))
      return [div(g, shift(sqrt(s), eps)), s]
    },
    (params) => mapTree(params, (p) => full(p.shape, initial, p.dtype)),
  )
}
