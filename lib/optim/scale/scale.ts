import { ValueError } from '../../error/tensorError.ts'
import { onHost } from '../../kernel/slot.ts'
import { addScaled } from '../../op/elementwise/add.ts'
import { scale as scaleTensor } from '../../op/elementwise/scale.ts'
import { describe } from '../../tensor/data.ts'
import { mapTree, zipTrees } from '../../tree/tree.ts'
import type { Tensor } from '../../type/tensor.ts'
import { checkState } from '../check.ts'
import { type Stateless, type Transformation, withApply } from '../transformation.ts'

const checkFactor = onHost((k: number): void => {
  if (!Number.isFinite(k)) throw new ValueError({ op: 'scale', expected: 'a finite factor', actual: describe(k) })
})

/** A transformation that multiplies the updates by a number; in a recorded step it may change from step to step. */
export const scaleBy = (k: number): Transformation<Stateless> => {
  checkFactor(k)
  const t: Transformation<Stateless> = {
    init: () => ({}),
    update: (updates, state) => {
      checkState('scale', state, [])
      return [mapTree(updates, (u) => scaleTensor(u as Tensor, k)), state]
    },
  }
  return withApply(t, (updates, state, params) => {
    checkState('scale', state, [])
    return [zipTrees(params, updates, (p, u) => addScaled(p as Tensor, u as Tensor, k)), state]
  })
}

/**
 * Multiplies the updates by k; with −learningRate at its end, a chain descends.
 *
 * @example
 * import { fromNested, scale, toNested } from 'pullback'
 * toNested(scale(-0.5).update({ b: fromNested([4]) }, {}, { b: fromNested([0]) })[0].b) // => [-2]
 */
export const scale = (k: number): Transformation<Stateless> => scaleBy(k)
