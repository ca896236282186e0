import { leading } from '../../diff/mapped.ts'
import { primitive } from '../../diff/primitive.ts'
import { ones } from '../../tensor/create.ts'
import type { Tensor } from '../../type/tensor.ts'
import { maskAbove } from '../activation/relu.ts'
import type { Binary } from '../signature.ts'
import { zipped } from './elementwise.ts'
import { neg } from './neg.ts'
import { shift } from './scale.ts'
import { sub } from './sub.ts'

/** The cotangents of two entries of which the second was taken where its lead is above zero, else the first. */
const shared = (d: Tensor, lead: () => Tensor) => {
  const second = () => maskAbove(d, lead())
  const first = () => maskAbove(d, shift(neg(maskAbove(ones(d.shape, d.dtype), lead())), 1)) // d less the second's may be ∞ − ∞
  return [first, second]
}

/**
 * The larger of a and b, entry by entry; NaN where either is NaN. Of equal ones, the first gets the whole cotangent, as with
 * `max`. (PyTorch shares it.) One shape, one number format.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.maximum(fromNested([1, 4]), fromNested([3, 2]))) // => [3, 4]
 */
export const maximum = /* @__PURE__ */ primitive<Binary>(
  'maximum',
  zipped('maximum'),
  (_, a, b) =>
    function maximumPullback(d) {
      return shared(d, () => sub(b, a))
    },
  leading,
)

/**
 * The smaller of a and b, entry by entry; NaN where either is NaN. Of equal ones, the first gets the whole cotangent. One
 * shape, one number format.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.minimum(fromNested([1, 4]), fromNested([3, 2]))) // => [1, 2]
 */
export const minimum = /* @__PURE__ */ primitive<Binary>(
  'minimum',
  zipped('minimum'),
  (_, a, b) =>
    function minimumPullback(d) {
      return shared(d, () => sub(a, b))
    },
  leading,
)
