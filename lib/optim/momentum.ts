import { addScaled } from '../op/add.ts'
import { checkShare } from '../tensor/range.ts'
import { bySlots, type WithSlots } from './slots.ts'
import type { Transformation } from './transformation.ts'

export interface MomentumOptions {
  /** Looks ahead: the update is g + decay · v with the new v. */
  readonly nesterov?: boolean | undefined
}

/**
 * v ← g + decay · v, from v = 0; the update is v, or g + decay · v in Nesterov's form. As PyTorch's momentum without dampening: the
 * learning rate multiplies the velocity, and is no part of it.
 *
 * @example
 * import { fromNested, momentum, toNested } from 'pullback'
 * const t = momentum(0.5)
 * const g = { b: fromNested([1]) }
 * const [, state] = t.update(g, t.init(g), g)
 * toNested(t.update(g, state, g)[0].b) // => [1.5]
 */
export const momentum = (
  decay: number,
  { nesterov = false }: MomentumOptions = {},
): Transformation<WithSlots<'velocity'>> => {
  checkShare('momentum', { decay })
  return bySlots('momentum', ['velocity'], () => (g, velocity) => {
    const v = addScaled(g, velocity, decay)
    return [nesterov ? addScaled(g, v, decay) : v, v]
  })
}
