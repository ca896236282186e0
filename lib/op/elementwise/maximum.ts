import { ones } from '../../tensor/create.ts'
import type { Tensor } from '../../type/tensor.ts'
import { maskAbove } from '../activation/relu.ts'
import { neg } from './neg.ts'
import { binary } from './scalarFunction.ts'
import { shift } from './scale.ts'
import { sub } from './sub.ts'

/** d where x is not above 0, else 0. The difference of d and `maskAbove(d, x)` would be ∞ − ∞ for an infinite d. */
const maskNotAbove = (d: Tensor, x: Tensor): Tensor => maskAbove(d, shift(neg(maskAbove(ones(d.shape, d.dtype), x)), 1))

/**
 * The larger of a and b, entry by entry; NaN where either is NaN. Where both are equal, a gets the whole cotangent, as
 * with `max`; PyTorch shares it. One shape, one number format.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.maximum(fromNested([1, 4]), fromNested([3, 2]))) // => [3, 4]
 */
export const maximum = /* @__PURE__ */ binary(
  'maximum',
  (d, a, b) => maskNotAbove(d, sub(b, a)),
  (d, a, b) => maskAbove(d, sub(b, a)),
)

/**
 * The smaller of a and b, entry by entry; NaN where either is NaN. Where both are equal, a gets the whole cotangent.
 * One shape, one number format.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.minimum(fromNested([1, 4]), fromNested([3, 2]))) // => [1, 2]
 */
export const minimum = /* @__PURE__ */ binary(
  'minimum',
  (d, a, b) => maskNotAbove(d, sub(a, b)),
  (d, a, b) => maskAbove(d, sub(a, b)),
)
