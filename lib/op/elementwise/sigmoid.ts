import { leading } from '../../diff/mapped.ts'
import { fused, type Operation, primitive } from '../../diff/primitive.ts'
import type { Tensor } from '../../type/tensor.ts'
import type { Unary } from '../signature.ts'
import { mapped, zipped } from './elementwise.ts'
import { mul } from './mul.ts'
import { neg } from './neg.ts'

/** d · σ(x) σ(−x), which has all its digits where 1 − σ(x) has none left. */
export const sigmoidSlope = fused(
  (d: Tensor, x: Tensor): Tensor => mul(mul(d, sigmoid(x)), sigmoid(neg(x))),
  zipped('sigmoidPullback'),
)

/**
 * The logistic function 1 / (1 + e⁻ˣ), entry by entry. Derivative σ(x) σ(−x).
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.sigmoid(fromNested([0]))) // => [0.5]
 */
export const sigmoid: Operation<Unary> = /* @__PURE__ */ primitive<Unary>(
  'sigmoid',
  mapped('sigmoid'),
  (_, x) =>
    function sigmoidPullback(d) {
      return [() => sigmoidSlope(d, x)]
    },
  leading,
)
