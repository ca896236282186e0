import { fused } from '../../diff/primitive.ts'
import { further } from '../../kernel/wasm/set/further.ts'
import type { Tensor } from '../../type/tensor.ts'
import { add } from '../elementwise/add.ts'
import { exp } from '../elementwise/exp.ts'
import { pairwise } from '../elementwise/kernels.ts'
import { mul } from '../elementwise/mul.ts'
import { neg } from '../elementwise/neg.ts'
import { unary } from '../elementwise/scalarFunction.ts'
import { scale, shift } from '../elementwise/scale.ts'
import { sigmoid } from '../elementwise/sigmoid.ts'
import { bounded } from './hardtanh.ts'

/** φ(x) = exp(−x²/2) / √(2π). */
const density = (x: Tensor): Tensor => {
  const b = bounded(x)
  return scale(exp(scale(mul(b, b), -0.5)), 1 / Math.sqrt(2 * Math.PI))
}

/**
 * Φ(x), entry by entry: the probability that a number drawn from the standard normal distribution is below x. It keeps
 * its digits however small it is. The derivative is φ(x) = exp(−x²/2) / √(2π).
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.normalCdf(fromNested([0, 10]))) // => [0.5, 1]
 */
export const normalCdf = /* @__PURE__ */ unary('normalCdf', (d, x) => mul(d, density(x)), further)

/** d · (Φ(x) + x φ(x)). */
const geluPullback = /* @__PURE__ */ fused(
  (d: Tensor, x: Tensor): Tensor => mul(d, add(normalCdf(x), mul(bounded(x), density(x)))),
  /* @__PURE__ */ pairwise('geluPullback', further),
)

/**
 * x Φ(x) = x/2 (1 + erf(x/√2)), entry by entry: the exact form. It keeps its digits far below zero, and is 0 for −∞.
 * The derivative is Φ(x) + x φ(x). Hendrycks and Gimpel 2016; as PyTorch's `gelu`.
 *
 * @example
 * import { fromNested, op, toArray } from 'pullback'
 * toArray(op.gelu(fromNested([1, -5]))).map((y) => y.toPrecision(5)) // => ['0.84134', '-0.0000014333']
 */
export const gelu = /* @__PURE__ */ unary('gelu', (d, x) => geluPullback(d, x), further)

const cubic = 0.044715
const twice = 2 * Math.sqrt(2 / Math.PI)

/** d · σ(2u) (1 + 2 x u′ σ(−2u)). */
const geluTanhPullback = /* @__PURE__ */ fused(
  (d: Tensor, x: Tensor): Tensor => {
    const b = bounded(x)
    const square = mul(b, b)
    const argument = mul(b, scale(shift(scale(square, cubic), 1), twice))
    const slope = mul(b, scale(shift(scale(square, 3 * cubic), 1), twice))
    return mul(d, mul(sigmoid(argument), shift(mul(slope, sigmoid(neg(argument))), 1)))
  },
  /* @__PURE__ */ pairwise('geluTanhPullback', further),
)

/**
 * x/2 (1 + tanh u) for u = √(2/π) (x + 0.044715 x³), entry by entry: the form of `gelu` in GPT-2, within 5e-4 of the
 * exact one. Computed as x σ(2u), which keeps its digits far below zero. As PyTorch's `gelu` with `approximate='tanh'`.
 *
 * @example
 * import { fromNested, op, toArray } from 'pullback'
 * toArray(op.geluTanh(fromNested([1]))).map((y) => y.toFixed(5)) // => ['0.84119']
 */
export const geluTanh = /* @__PURE__ */ unary('geluTanh', (d, x) => geluTanhPullback(d, x), further)
