import { leading } from '../../diff/mapped.ts'
import { fused, primitive } from '../../diff/primitive.ts'
import type { Tensor } from '../../type/tensor.ts'
import type { Unary } from '../signature.ts'
import { mapped, zipped } from './elementwise.ts'
import { scale } from './scale.ts'
import { sigmoidSlope } from './sigmoid.ts'

/** d · (1 − tanh²(x)) as d · 4 σ(2x) σ(−2x), which has all its digits where 1 − tanh²(x) has none left. */
export const tanhSlope = fused(
  (d: Tensor, x: Tensor): Tensor => scale(sigmoidSlope(d, scale(x, 2)), 4),
  zipped('tanhPullback'),
)

/**
 * The hyperbolic tangent, entry by entry. Derivative 1 − tanh²(x), small ones too.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.tanh(fromNested([0]))) // => [0]
 */
export const tanh = /* @__PURE__ */ primitive<Unary>(
  'tanh',
  mapped('tanh'),
  (_, x) =>
    function tanhPullback(d) {
      return [() => tanhSlope(d, x)]
    },
  leading,
)
