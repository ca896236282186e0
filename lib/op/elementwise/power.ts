import { ones } from '../../tensor/create.ts'
import { floatDType } from '../../tensor/data.ts'
import type { Float, Shape, Tensor } from '../../type/tensor.ts'
import type { Scalar, Unary } from '../signature.ts'
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

/**
 * xᵏ, entry by entry, for a plain number k. Whole and half exponents up to 64 are products and roots, which is exact
 * where these are and right for negative entries; others are e^(k log x): NaN for negative entries. x⁰ is 1, also for
 * 0 and NaN. An exponent that is not finite is a `ValueError`.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.power(fromNested([-2, 3]), 3)) // => [-8, 27]
 * toNested(op.power(fromNested([4]), -0.5)) // => [0.5]
 */
export const power = ((x: Tensor, k: number): Tensor => {
  floatDType('power', x)
  const to = Math.abs(finite('power', 'exponent', k))
  if (to === 0) return one(x)
  if (to > most || !Number.isInteger(2 * to)) return exp(scale(log(x), k))
  const base = Number.isInteger(to) ? x : (sqrt(x) as Tensor)
  const y = whole(base, Number.isInteger(to) ? to : 2 * to)
  return k < 0 ? (div(one(x), y) as Tensor) : y
}) as Scalar
