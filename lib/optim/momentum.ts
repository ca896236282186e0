import { ValueError } from '../error/tensorError.ts'
import { addScaled } from '../op/add.ts'
import { describe } from '../tensor/data.ts'
import { zerosOf } from '../transform/vjp.ts'
import { type Tree, zipTrees } from '../tree/tree.ts'
import type { Tensor } from '../type/tensor.ts'
import type { StateFn, Transformation } from './transformation.ts'

export interface Velocity<P> {
  readonly velocity: P
}
export interface WithVelocity extends StateFn {
  readonly state: Velocity<this['params']>
}

/**
 * v ← g + decay · v; the update is v. As PyTorch's momentum without dampening.
 *
 * @example
 * import { fromNested, momentum, toNested } from 'pullback'
 * const t = momentum(0.5)
 * const g = { b: fromNested([1]) }
 * const [, state] = t.update(g, t.init(g), g)
 * toNested(t.update(g, state, g)[0].b) // => [1.5]
 */
export const momentum = (decay: number): Transformation<WithVelocity> => {
  if (!(decay >= 0 && decay <= 1))
    throw new ValueError({ op: 'momentum', expected: 'a decay from 0 to 1', actual: describe(decay) })
  return {
    init: <P extends Tree>(params: P) => ({ velocity: zerosOf(params) }),
    update: <P extends Tree>(updates: P, { velocity }: Velocity<P>) => {
      const next = zipTrees(updates, velocity, (g, v) => addScaled(g as Tensor, v as Tensor, decay))
      return [next, { velocity: next }]
    },
  }
}
