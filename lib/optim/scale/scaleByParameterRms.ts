import { cast } from '../../op/elementwise/cast.ts'
import { maximum } from '../../op/elementwise/maximum.ts'
import { mul } from '../../op/elementwise/mul.ts'
import { scale } from '../../op/elementwise/scale.ts'
import { broadcast } from '../../op/reduce/sum.ts'
import { full } from '../../tensor/create.ts'
import { checkPositive } from '../../tensor/range.ts'
import { zipTrees } from '../../tree/tree.ts'
import type { Tensor } from '../../type/tensor.ts'
import { checkState } from '../check.ts'
import { normOf } from '../clip.ts'
import type { Stateless, Transformation } from '../transformation.ts'

/**
 * Multiplies the update of each tensor p by max(least, RMS(p)), where RMS is the root of the mean square, computed in
 * float64: a rate is then a share of the size of the parameters. The least size, by default 1e-3, lets a tensor of
 * zeros grow. Shazeer and Stern, "Adafactor" (2018), where `least` is ε₂.
 *
 * @example
 * import { fromNested, scaleByParameterRms, toNested } from 'pullback'
 * const [params, g] = [{ W: fromNested([10, -10]) }, { W: fromNested([0.5, 1]) }]
 * toNested(scaleByParameterRms().update(g, {}, params)[0].W) // => [5, 10]
 */
export const scaleByParameterRms = (least = 1e-3): Transformation<Stateless> => {
  checkPositive('scaleByParameterRms', { least })
  const sized = (u: Tensor, p: Tensor): Tensor => {
    if (p.size === 0) return u
    const size = maximum(scale(normOf(p), 1 / Math.sqrt(p.size)), full([], least, 'float64') as Tensor)
    return mul(u, broadcast(cast(size, u.dtype) as Tensor, u.shape) as Tensor)
  }
  return {
    init: () => ({}),
    update: (updates, state, params) => {
      checkState('scaleByParameterRms', state, [])
      const op = 'scaleByParameterRms'
      return [zipTrees(updates, params, (u, p) => sized(u as Tensor, p as Tensor), op), state]
    },
  }
}
