import { exp, expm1Reduced, power, quotient, rounder } from './exp'
import { atMost, fill, horner, magnitude, sign } from './lanes'

/**
 * tanh(x) = e / (e + 2) for e = exp(2|x|) − 1 = 2ᵏ (exp(r) − 1) + (2ᵏ − 1), with the sign of x: to 3 ulp, near 0 too.
 * That is not enough for float32, which takes a polynomial of x² (minimax, relative error 2⁻²⁹) where |x| < 0.4, and so
 * is right to 2 ulp. tanh(20) is 1 in both formats.
 */
@inline
export function tanh<T>(x: v128): v128 {
  const a = atMost<T>(magnitude<T>(x), 20)
  const twice = v128.add<T>(a, a)
  const n = quotient<T>(twice)
  const q = expm1Reduced<T>(twice, v128.sub<T>(n, rounder<T>()))
  const scale = power<T>(n)
  const e = v128.add<T>(v128.mul<T>(scale, q), v128.sub<T>(scale, fill<T>(1)))
  let y = v128.div<T>(e, v128.add<T>(e, fill<T>(2)))
  if (sizeof<T>() == 4) {
    const z = v128.mul<T>(a, a)
    let p = horner<T>(fill<T>(0.01874407514), z, -0.05356194083)
    p = horner<T>(p, z, 0.133312142)
    p = horner<T>(p, z, -0.3333329871)
    p = v128.add<T>(a, v128.mul<T>(v128.mul<T>(p, z), a))
    y = v128.bitselect(p, y, v128.lt<T>(a, fill<T>(0.4)))
  }
  return v128.or(y, sign<T>(x))
}

/**
 * 1 / (1 + exp(−x)), to 2 ulp, as 1 − q or, for x < 0, e − e q, with e = exp(−|x|) and q = e / (1 + e): so results near
 * 0 keep their accuracy, denormal ones included.
 */
@inline
export function sigmoid<T>(x: v128): v128 {
  return sigmoidFrom<T>(x, exp<T>(v128.or(x, fill<T>(-0.0))))
}

/** sigmoid(x) from e = exp(−|x|). */
@inline
export function sigmoidFrom<T>(x: v128, e: v128): v128 {
  const q = v128.div<T>(e, v128.add<T>(fill<T>(1), e))
  const limit = v128.bitselect(e, fill<T>(1), v128.lt<T>(x, fill<T>(0)))
  return v128.sub<T>(limit, v128.mul<T>(limit, q))
}
