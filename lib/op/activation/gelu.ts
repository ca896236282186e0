import { leading } from '../../diff/mapped.ts'
import { fused, primitive } from '../../diff/primitive.ts'
import type { Tensor } from '../../type/tensor.ts'
import { add } from '../elementwise/add.ts'
import { mapped, zipped } from '../elementwise/elementwise.ts'
import { exp } from '../elementwise/exp.ts'
import { mul } from '../elementwise/mul.ts'
import { neg } from '../elementwise/neg.ts'
import { scale, shift } from '../elementwise/scale.ts'
import { sigmoid } from '../elementwise/sigmoid.ts'
import type { Unary } from '../signature.ts'
import { bounded } from './hardtanh.ts'

/** φ(x) = exp(−x²/2) / √(2π). */
const density = (x: Tensor): Tensor => {
  const b = bounded(x)
  return scale(exp(scale(mul(b, b), -0.5)), 1 / Math.sqrt(2 * Math.PI))
}

/**
 * Φ(x), entry by entry: the probability that a number drawn from the normal distribution is below x, with all its digits however
 * small it is. Derivative φ(x) = exp(−x²/2) / √(2π).
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.normalCdf(fromNested([0, 10]))) // => [0.5, 1]
 */
export const normalCdf = /* @__PURE__ */ primitive<Unary>(
  'normalCdf',
  mapped('normalCdf'),
  (_, x) =>
    function normalCdfPullback(d) {
      return [() => mul(d, density(x))]
    },
  leading,
)

/** d · (Φ(x) + x φ(x)) as a composite of operations: its definition. */
const geluPullbackComposite = (d: Tensor, x: Tensor): Tensor => mul(d, add(normalCdf(x), mul(bounded(x), density(x))))

const pullback = fused(geluPullbackComposite, zipped('geluPullback'))

/**
 * x Φ(x) = x/2 (1 + erf(x/√2)), entry by entry: the exact form. Far below zero too it keeps its digits. 0 for −∞. Derivative
 * Φ(x) + x φ(x). Hendrycks and Gimpel 2016; as PyTorch's `gelu`.
 *
 * @example
 * import { fromNested, op, toArray } from 'pullback'
 * toArray(op.gelu(fromNested([1, -5]))).map((y) => y.toPrecision(5)) // => ['0.84134', '-0.0000014333']
 */
export const gelu = /* @__PURE__ */ primitive<Unary>(
  'gelu',
  mapped('gelu'),
  (_, x) =>
    function geluPullback(d) {
      return [() => pullback(d, x)]
    },
  leading,
)

const cubic = 0.044715
const twice = 2 * Math.sqrt(2 / Math.PI)

/** d · σ(2u) (1 + 2 x u′ σ(−2u)) as a composite of operations: its definition. */
const geluTanhPullbackComposite = (d: Tensor, x: Tensor): Tensor => {
  const b = bounded(x)
  const square = mul(b, b)
  const maskAbove = mul(b, scale(shift(scale(square, cubic), 1), twice))
  const slope = mul(b, scale(shift(scale(square, 3 * cubic), 1), twice))
  return mul(d, mul(sigmoid(maskAbove), shift(mul(slope, sigmoid(neg(maskAbove))), 1)))
}

const tanhPullback = fused(geluTanhPullbackComposite, zipped('geluTanhPullback'))

/**
 * x/2 (1 + tanh u) for u = √(2/π) (x + 0.044715 x³), entry by entry: the form of `gelu` that GPT-2 has, within 5e-4 of the exact one.
 * Computed as x σ(2u), which keeps its digits far below zero. As PyTorch's `gelu` with `approximate='tanh'`.
 *
 * @example
 * import { fromNested, op, toArray } from 'pullback'
 * toArray(op.geluTanh(fromNested([1]))).map((y) => y.toFixed(5)) // => ['0.84119']
 */
export const geluTanh = /* @__PURE__ */ primitive<Unary>(
  'geluTanh',
  mapped('geluTanh'),
  (_, x) =>
    function geluTanhPullback(d) {
      return [() => tanhPullback(d, x)]
    },
  leading,
)
