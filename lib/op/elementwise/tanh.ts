import { fused } from '../../diff/primitive.ts'
import type { Tensor } from '../../type/tensor.ts'
import { pairwise } from './kernels.ts'
import { unary } from './scalarFunction.ts'
import { scale } from './scale.ts'
import { sigmoidSlope } from './sigmoid.ts'

/** d · (1 − tanh²(x)) as d · 4 σ(2x) σ(−2x), which keeps its digits where 1 − tanh²(x) has none left. */
export const tanhSlope = /* @__PURE__ */ fused(
  (d: Tensor, x: Tensor): Tensor => scale(sigmoidSlope(d, scale(x, 2)), 4),
  /* @__PURE__ */ pairwise('tanhPullback'),
)

/**
 * The hyperbolic tangent, entry by entry. The derivative is 1 − tanh²(x), exact to rounding even where it is small.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.tanh(fromNested([0]))) // => [0]
 */
export const tanh = /* @__PURE__ */ unary('tanh', (d, x) => tanhSlope(d, x))
