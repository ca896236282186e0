import { leading } from '../../diff/mapped.ts'
import { primitive } from '../../diff/primitive.ts'
import { ones } from '../../tensor/create.ts'
import { floatDType } from '../../tensor/data.ts'
import type { Float, Shape, Tensor } from '../../type/tensor.ts'
import type { Scalar, Unary } from '../signature.ts'
import { sign } from '../step/rounding.ts'
import { abs } from './abs.ts'
import { div } from './div.ts'
import { exp } from './exp.ts'
import { log } from './log.ts'
import { mul } from './mul.ts'
import { finite } from './option.ts'
import { scale } from './scale.ts'
import { sqrt } from './sqrt.ts'

/**
 * x², entry by entry.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.square(fromNested([-3, 2]))) // => [9, 4]
 */
export const square: Unary = (x) => {
  floatDType('square', x)
  return mul(x, x as never) as never
}

const one = (x: Tensor): Tensor => ones<Shape, Float>(x.shape, x.dtype)

/** xⁿ for a whole number n ≥ 1, by squaring: about 2 log₂ n products. */
const whole = (x: Tensor, n: number): Tensor => {
  if (n === 1) return x
  const half = whole(x, Math.floor(n / 2))
  const even = mul(half, half)
  return n % 2 === 0 ? even : mul(even, x)
}

/** The largest exponent, or twice it where that is whole, which is computed by products. */
const most = 64

/** xᵏ for k > 0. */
const positive = (x: Tensor, k: number): Tensor => {
  const isWhole = Number.isInteger(k)
  if (k <= most && Number.isInteger(2 * k)) return isWhole ? whole(x, k) : whole(sqrt(x) as Tensor, 2 * k)
  const y = exp(scale(log(isWhole ? abs(x) : x), k)) as Tensor
  return isWhole && k % 2 === 1 ? (mul(sign(x), y) as Tensor) : y
}

/** xᵏ for k ≠ 0. */
const powerOf = /* @__PURE__ */ primitive<(x: Tensor, k: number) => Tensor>(
  'power',
  (x, k) => (k > 0 ? positive(x, k) : (div(one(x), positive(x, -k)) as Tensor)),
  (_, x, k) =>
    function powerPullback(d) {
      return [() => mul(d, scale(power(x, k - 1), k)) as Tensor, null]
    },
  leading,
)

/**
 * xᵏ, entry by entry, for a plain number k. Whole and half exponents up to 64 are products and roots, which is exact
 * where these are; others are e^(k log x), with the right sign for whole ones. Negative entries are NaN unless the
 * exponent is whole. x⁰ is 1, also for 0 and NaN. The derivative is k xᵏ⁻¹: at 0 it is 0 for k > 1 and ∞ for 0 < k < 1.
 * An exponent that is not finite is a `ValueError`. For a tensor of exponents y, write `op.exp(op.mul(y, op.log(x)))`.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.power(fromNested([-2, 3]), 3)) // => [-8, 27]
 * toNested(op.power(fromNested([4]), -0.5)) // => [0.5]
 */
export const power = ((x: Tensor, k: number): Tensor => {
  floatDType('power', x)
  return finite('power', 'exponent', k) === 0 ? one(x) : powerOf(x, k)
}) as Scalar
