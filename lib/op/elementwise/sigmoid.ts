import { fused, type Operation } from '../../diff/primitive.ts'
import type { Tensor } from '../../type/tensor.ts'
import type { Unary } from '../signature.ts'
import { pairwise } from './kernels.ts'
import { mul } from './mul.ts'
import { neg } from './neg.ts'
import { unary } from './scalarFunction.ts'

/** d · σ(x) σ(−x), which keeps its digits where 1 − σ(x) has none left. */
export const sigmoidSlope = /* @__PURE__ */ fused(
  (d: Tensor, x: Tensor): Tensor => mul(mul(d, sigmoid(x)), sigmoid(neg(x))),
  /* @__PURE__ */ pairwise('sigmoidPullback'),
)

/**
 * The logistic function 1 / (1 + e⁻ˣ), entry by entry. Derivative σ(x) σ(−x).
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.sigmoid(fromNested([0]))) // => [0.5]
 */
export const sigmoid: Operation<Unary> = /* @__PURE__ */ unary('sigmoid', (d, x) => sigmoidSlope(d, x))
