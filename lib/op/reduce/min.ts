import type { Tensor } from '../../type/tensor.ts'
import { neg } from '../elementwise/neg.ts'
import type { Reduction } from '../signature.ts'
import { type Index, indexOfLargest, largest } from './max.ts'

/**
 * The smallest entry over some axes, over all if none is given. Of equal entries the first gets the whole cotangent. NaN
 * if an entry is NaN. Axes without entries are a `ValueError`.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.min(fromNested([[1, 3], [4, 2]]), 1)) // => [1, 2]
 */
export const min = ((x: Tensor, axes?: number | readonly number[], options?: { readonly keep: true }) =>
  neg(largest('min', neg(x), axes, options))) as Reduction

/**
 * The index of the smallest entry along an axis, the last if none is given; of equal entries the first. A NaN counts as
 * the smallest. A constant to differentiation. An axis without entries is a `ValueError`.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.argmin(fromNested([[1, 3, 2], [5, 4, 4]]))) // => [0, 1]
 */
export const argmin: Index = (x, axis) => indexOfLargest('argmin', neg(x), axis)
