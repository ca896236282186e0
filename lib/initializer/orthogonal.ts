import { checkOptions } from '../error/options.ts'
import { finite } from '../op/elementwise/option.ts'
import { scale } from '../op/elementwise/scale.ts'
import { transpose } from '../op/shape/transpose.ts'
import { normal } from '../random/draw.ts'
import { fromArray } from '../tensor/from.ts'
import { toTypedArray } from '../tensor/to.ts'
import { fansOf } from './fans.ts'
import type { Initializer } from './initializer.ts'
import { orthonormalRows } from './orthonormal.ts'

/**
 * Initial weights [out, …, in] that form a random orthogonal matrix [out, all the rest], times a gain, 1 by default:
 * the rows are orthonormal, or the columns where there are fewer of them. Uniformly distributed over all such matrices
 * (Haar). Computed in float64, whatever the precision asked for. Saxe et al. 2013; as PyTorch's `orthogonal_`. A shape
 * of fewer than two axes is a `ShapeError`.
 *
 * @example
 * import { approxEqual, eye, init, initializer, key, linear, op } from 'pullback'
 * const { W } = init(linear(5, 3, { W: initializer.orthogonal() }), key(0)).params
 * approxEqual(op.matmul(W, op.transpose(W)), eye(3), { absolute: 1e-6 }) // => true
 */
export const orthogonal = (options: { readonly gain?: number | undefined } = {}): Initializer => {
  checkOptions('orthogonal', options, ['gain'])
  const { gain = 1 } = options
  finite('orthogonal', 'gain', gain)
  return (key, shape, dtype) => {
    const columns = fansOf('orthogonal', shape).in
    const rows = shape[0] as number
    const [few, many] = rows <= columns ? [rows, columns] : [columns, rows]
    const drawn = toTypedArray(normal(key, [few, many], 'float64'))
    const q = scale(fromArray(orthonormalRows(drawn, few, many), [few, many]), gain)
    return fromArray(toTypedArray(rows <= columns ? q : transpose(q)), shape, dtype)
  }
}
