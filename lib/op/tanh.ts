import { leading } from '../diff/mapped.ts'
import { fused, primitive } from '../diff/primitive.ts'
import type { Tensor } from '../type/tensor.ts'
import { mapped, zipped } from './elementwise.ts'
import { mul } from './mul.ts'
import { neg } from './neg.ts'
import { shift } from './scale.ts'
import type { Unary } from './signature.ts'

/** d · (1 − y²) */
const pullback = fused((d: Tensor, y: Tensor): Tensor => mul(d, shift(neg(mul(y, y)), 1)), zipped('tanhPullback'))

/**
 * The hyperbolic tangent, entry by entry. Derivative 1 − y².
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.tanh(fromNested([0]))) // => [0]
 */
export const tanh = primitive<Unary>(
  'tanh',
  mapped('tanh'),
  (y) =>
    function tanhPullback(d) {
      return [() => pullback(d, y)]
    },
  leading,
)
