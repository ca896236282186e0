import { StructureError } from '../../error/tensorError.ts'
import { cast } from '../../op/elementwise/cast.ts'
import { div } from '../../op/elementwise/div.ts'
import { maximum } from '../../op/elementwise/maximum.ts'
import { mul } from '../../op/elementwise/mul.ts'
import { sqrt } from '../../op/elementwise/sqrt.ts'
import { sub } from '../../op/elementwise/sub.ts'
import { broadcast, sum } from '../../op/reduce/sum.ts'
import { reshape } from '../../op/shape/reshape.ts'
import { full } from '../../tensor/create.ts'
import { describe } from '../../tensor/data.ts'
import { checkPositive } from '../../tensor/range.ts'
import { checkSelection, type Selection, zipSelected } from '../../tree/selection.ts'
import { type Tree, zipTrees } from '../../tree/tree.ts'
import type { Tensor } from '../../type/tensor.ts'
import { square } from '../entrywise.ts'
import {
  applyUpdates,
  checkTransformation,
  type StateFn,
  type Transformation,
  transformed,
  updated,
  withApply,
} from '../transformation.ts'

/** A function that moves parameters back into the set of allowed values. */
export type Projection = <P extends Tree>(params: P) => P

/**
 * A transformation whose parameters are projected after each update: `update` returns the difference to the projected
 * parameters. Must wrap the whole optimizer; later transformations are ignored.
 *
 * @example
 * import { applyUpdates, fromNested, maxNorm, projected, sgd, toNested } from 'pullback'
 * const t = projected(sgd(1), maxNorm(1))
 * const [params, g] = [{ W: fromNested([[1, 0]]) }, { W: fromNested([[1, -2]]) }]
 * toNested(applyUpdates(params, t.update(g, t.init(params), params)[0]).W).flat().map((x) => x.toFixed(3)) // => ['0.000', '1.000']
 */
export const projected = <F extends StateFn>(t: Transformation<F>, projection: Projection): Transformation<F> => {
  checkTransformation('projected', t)
  if (typeof projection !== 'function')
    throw new StructureError({
      op: 'projected',
      expected: 'a projection, a function of the parameters',
      actual: describe(projection),
      remedy: 'maxNorm(1) is one',
    })
  return withApply(
    {
      init: t.init,
      update: (updates, state, params) => {
        const [changed, next] = transformed(t, updates, state, params)
        const after = projection(applyUpdates(params, changed))
        return [zipTrees(after, params, (a, p) => sub(a as Tensor, p as Tensor)), next]
      },
    },
    (updates, state, params) => {
      const [after, next] = updated(t, updates, state, params)
      return [projection(after), next]
    },
  )
}

/** Scales rows along the first axis that are longer than the limit down to it; lengths are measured in float64. */
const renormed = (x: Tensor, limit: number): Tensor => {
  const features = [...x.shape.keys()].slice(1)
  const norms = sqrt(sum(square(cast(x, 'float64') as Tensor), features) as Tensor)
  const most = full(norms.shape, limit, 'float64') as Tensor
  const factors = reshape(div(most, maximum(norms, most)), [...norms.shape, ...features.map(() => 1)])
  return mul(x, broadcast(cast(factors, x.dtype), x.shape) as Tensor)
}

/**
 * Multiplies each row along the first axis by limit / norm if its Euclidean norm is above the limit. For the `W` of
 * `linear` and `conv2d`, a row holds the weights that lead to one unit. `where` names the parameters, all by default; a
 * name that does not exist is a `StructureError`. As PyTorch's `renorm` over axis 0, without its 1e-7. Srivastava and
 * others, "Dropout" (2014).
 *
 * @example
 * import { fromNested, maxNorm, toNested } from 'pullback'
 * const params = { W: fromNested([[30, 40], [0.3, 0.4]]), b: fromNested([7]) }
 * toNested(maxNorm(5, ['W'])(params).W).flat().map((x) => x.toFixed(1)) // => ['3.0', '4.0', '0.3', '0.4']
 */
export const maxNorm = (limit: number, where?: Selection): Projection => {
  checkPositive('maxNorm', { limit })
  checkSelection('maxNorm', 'where', where)
  return (params) => zipSelected('maxNorm', where, params, params, (p) => renormed(p as Tensor, limit))
}
