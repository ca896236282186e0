import { addScaled } from '../op/elementwise/add.ts'
import { checkNotNegative } from '../tensor/range.ts'
import { checkSelection, type Selection, zipSelected } from '../tree/selection.ts'
import type { AnyTensor, Tensor } from '../type/tensor.ts'
import { checkState } from './check.ts'
import type { Stateless, Transformation } from './transformation.ts'

/**
 * g + decay · p: adds the gradient of decay / 2 · ‖p‖². Before a scaling it is the coupled decay of PyTorch's
 * `weight_decay` (an L2 penalty, scaled with the gradient); after the scaling and before the learning rate it is the
 * decoupled decay of AdamW. `where` selects the parameters that decay, all by default; a name that does not exist, or a
 * predicate that selects nothing, is a `StructureError`.
 *
 * @example
 * import { addDecayedWeights, fromNested, toNested } from 'pullback'
 * const t = addDecayedWeights(0.1, (path) => path.endsWith('W'))
 * const params = { W: fromNested([10]), b: fromNested([10]) }
 * const [updates] = t.update({ W: fromNested([1]), b: fromNested([1]) }, {}, params)
 * toNested(updates.W) // => [2]
 * toNested(updates.b) // => [1]
 */
export const addDecayedWeights = (decay: number, where?: Selection): Transformation<Stateless> => {
  checkNotNegative('addDecayedWeights', { decay })
  checkSelection('addDecayedWeights', 'where', where)
  const decayed = (g: AnyTensor, p: AnyTensor): Tensor => addScaled(g as Tensor, p as Tensor, decay)
  return {
    init: () => ({}),
    update: (updates, state, params) => {
      checkState('addDecayedWeights', state, [])
      return [zipSelected('addDecayedWeights', where, updates, params, decayed), state]
    },
  }
}
