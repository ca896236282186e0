import { cast } from '../../op/elementwise/cast.ts'
import { div } from '../../op/elementwise/div.ts'
import { minimum } from '../../op/elementwise/maximum.ts'
import { mul } from '../../op/elementwise/mul.ts'
import { where as choose } from '../../op/elementwise/where.ts'
import { broadcast } from '../../op/reduce/sum.ts'
import { ones } from '../../tensor/create.ts'
import { checkSelection, type Selection, zipSelected } from '../../tree/selection.ts'
import type { AnyTensor, Tensor } from '../../type/tensor.ts'
import { checkState } from '../check.ts'
import { normOf } from '../clip.ts'
import type { Stateless, Transformation } from '../transformation.ts'

/** The update times ‖p‖ / ‖u‖. Of a norm that is 0 no ratio is made, so a tensor of zeros can leave its place. */
const trusted = (u: Tensor, p: Tensor): Tensor => {
  const one = ones([], 'float64') as Tensor
  const [length, size] = [normOf(u), normOf(p)]
  const both = minimum(length, size)
  const ratio = choose(both, div(size, choose(both, length, one)), one)
  return mul(u, broadcast(cast(ratio, u.dtype) as Tensor, u.shape) as Tensor)
}

/**
 * Multiplies the update u of each tensor p by ‖p‖ / ‖u‖, or by 1 if either norm is 0: so each tensor moves by a share
 * of its own length. The norms are Euclidean and computed in float64. `where` selects the tensors, all by default. You
 * and others, "Large batch optimization for deep learning" (2020), whose function of ‖p‖ is the identity here.
 *
 * @example
 * import { fromNested, scaleByTrustRatio, toNested } from 'pullback'
 * const [params, g] = [{ W: fromNested([6, 8]) }, { W: fromNested([0, 0.5]) }]
 * toNested(scaleByTrustRatio().update(g, {}, params)[0].W) // => [0, 10]
 */
export const scaleByTrustRatio = (where?: Selection): Transformation<Stateless> => {
  checkSelection('scaleByTrustRatio', 'where', where)
  return {
    init: () => ({}),
    update: (updates, state, params) => {
      checkState('scaleByTrustRatio', state, [])
      const scaled = (u: AnyTensor, p: AnyTensor): Tensor => trusted(u as Tensor, p as Tensor)
      return [zipSelected('scaleByTrustRatio', where, updates, params, scaled), state]
    },
  }
}
