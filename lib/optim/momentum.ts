import { checkOptions } from '../error/options.ts'
import { ValueError } from '../error/tensorError.ts'
import { addScaled } from '../op/elementwise/add.ts'
import { checkShare } from '../tensor/range.ts'
import { checkFlag } from './check.ts'
import { bySlots, type WithSlots } from './slots.ts'
import type { Transformation } from './transformation.ts'

export interface MomentumOptions {
  /** Use Nesterov's form: the update is g + decay · v with the new v. */
  readonly nesterov?: boolean | undefined
}

/** Error for Nesterov's form without momentum: it looks ahead along the velocity, which is then not kept. */
export const checkNesterov = (op: string, decay: number, nesterov: boolean): void => {
  checkFlag(op, { nesterov })
  if (!nesterov || decay > 0) return
  throw new ValueError({ op, expected: "a momentum above 0 for Nesterov's form", actual: `${decay}` })
}

/**
 * v ← g + decay · v, from v = 0; the update is v, or g + decay · v in Nesterov's form. As PyTorch's momentum without
 * dampening: the learning rate multiplies the velocity and is not part of it. Nesterov's form with a decay of 0 is a
 * `ValueError`.
 *
 * @example
 * import { fromNested, momentum, toNested } from 'pullback'
 * const t = momentum(0.5)
 * const g = { b: fromNested([1]) }
 * const [, state] = t.update(g, t.init(g), g)
 * toNested(t.update(g, state, g)[0].b) // => [1.5]
 */
export const momentum = (decay: number, options: MomentumOptions = {}): Transformation<WithSlots<'velocity'>> => {
  checkOptions('momentum', options, ['nesterov'])
  const { nesterov = false } = options
  checkShare('momentum', { decay })
  checkNesterov('momentum', decay, nesterov)
  return bySlots('momentum', ['velocity'], () => (g, velocity) => {
    const v = addScaled(g, velocity, decay)
    return [nesterov ? addScaled(g, v, decay) : v, v]
  })
}
