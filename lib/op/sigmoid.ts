import { leading } from '../diff/mapped.ts'
import { fused, primitive } from '../diff/primitive.ts'
import type { Tensor } from '../type/tensor.ts'
import { mapped, zipped } from './elementwise.ts'
import { mul } from './mul.ts'
import { neg } from './neg.ts'
import { shift } from './scale.ts'
import type { Unary } from './signature.ts'

/** d · y · (1 − y) */
const pullback = fused((d: Tensor, y: Tensor): Tensor => mul(mul(d, y), shift(neg(y), 1)), zipped('sigmoidPullback'))

/**
 * The logistic function 1 / (1 + e⁻ˣ), entry by entry. Derivative y · (1 − y).
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.sigmoid(fromNested([0]))) // => [0.5]
 */
export const sigmoid = primitive<Unary>(
  'sigmoid',
  mapped('sigmoid'),
  (y) =>
    function sigmoidPullback(d) {
      return [() => pullback(d, y)]
    },
  leading,
)
