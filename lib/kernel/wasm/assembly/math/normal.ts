import { decay } from './exp'
import { atMost, constant, fill, horner, magnitude } from './lanes'

/**
 * exp(−a²/2) for a ≥ 0, to 3 ulp at any distance: a² is taken as h² + (a − h)(a + h), where h is the upper half of a's
 * digits, so that h² is exact and the rest is small.
 */
function bell<T>(a: v128): v128 {
  const h = v128.and(a, sizeof<T>() == 4 ? i32x4.splat(-4096) : i64x2.splat(-134217728))
  const r = v128.mul<T>(v128.mul<T>(v128.sub<T>(a, h), v128.add<T>(a, h)), fill<T>(-0.5))
  let p = horner<T>(fill<T>(1 / 24.0), r, 1 / 6.0)
  p = horner<T>(p, r, 0.5)
  p = horner<T>(p, r, 1)
  p = horner<T>(p, r, 1)
  return v128.mul<T>(decay<T>(v128.mul<T>(v128.mul<T>(h, h), fill<T>(-0.5))), p)
}

/**
 * Φ(−a) exp(a²/2) for 0 ≤ a ≤ 40, to 2 ulp: a polynomial of (a − K) / (a + K) over 1 + a. Our own fits (Chebyshev),
 * with relative errors below 2⁻²⁸ for a < 14.5 and 2⁻⁵⁶ for a < 39, where Φ(−a) is still more than 0 in float32 and
 * float64.
 */
function mills<T>(a: v128): v128 {
  const K = fill<T>(sizeof<T>() == 4 ? 4 : 6)
  const t = v128.div<T>(v128.sub<T>(a, K), v128.add<T>(a, K))
  let p: v128
  if (sizeof<T>() == 4) {
    p = horner<T>(fill<T>(-7.393246335e-5), t, -6.572075472e-5)
    p = horner<T>(p, t, 0.0006912335241)
    p = horner<T>(p, t, -0.0003004970012)
    p = horner<T>(p, t, -0.005002521082)
    p = horner<T>(p, t, 0.01793954811)
    p = horner<T>(p, t, -0.03219772809)
    p = horner<T>(p, t, 0.02860002752)
    p = horner<T>(p, t, 0.01399963041)
    p = horner<T>(p, t, -0.09670346791)
    p = horner<T>(p, t, 0.4720532065)
  } else {
    p = horner<T>(fill<T>(1.565901307919276e-9), t, 2.9330992736293062e-9)
    p = horner<T>(p, t, -1.563563975580134e-8)
    p = horner<T>(p, t, -1.9999357197391986e-8)
    p = horner<T>(p, t, 1.3237526176866645e-7)
    p = horner<T>(p, t, -4.649629632929167e-10)
    p = horner<T>(p, t, -9.99608288663403e-7)
    p = horner<T>(p, t, 1.78383623414682e-6)
    p = horner<T>(p, t, 4.412420988465129e-6)
    p = horner<T>(p, t, -2.6353403713200724e-5)
    p = horner<T>(p, t, 3.7794893704466745e-5)
    p = horner<T>(p, t, 0.0001194896582852616)
    p = horner<T>(p, t, -0.0008689946633225784)
    p = horner<T>(p, t, 0.002935655517518445)
    p = horner<T>(p, t, -0.007059819421462764)
    p = horner<T>(p, t, 0.013246864154047862)
    p = horner<T>(p, t, -0.019766479219931785)
    p = horner<T>(p, t, 0.022592467062781275)
    p = horner<T>(p, t, -0.01614151733219927)
    p = horner<T>(p, t, -0.004373386779593186)
    p = horner<T>(p, t, 0.03981142456242986)
    p = horner<T>(p, t, -0.08502536230577072)
    p = horner<T>(p, t, 0.45345520027112796)
  }
  return v128.div<T>(p, v128.add<T>(fill<T>(1), a))
}

/** Φ(x) from Φ(−|x|). */
@inline
function signed<T>(tail: v128, x: v128): v128 {
  return v128.bitselect(tail, v128.sub<T>(fill<T>(1), tail), v128.lt<T>(x, fill<T>(0)))
}

/**
 * Φ(x), the distribution function of the normal distribution, to 6 ulp at any distance. Φ(±40) is 0 and 1 in both
 * formats.
 */
@inline
export function normalCdf<T>(x: v128): v128 {
  const a = atMost<T>(magnitude<T>(x), 40)
  return signed<T>(v128.mul<T>(bell<T>(a), mills<T>(a)), x)
}

/** Φ(x) + x φ(x), the derivative of x Φ(x). */
@inline
export function geluSlope<T>(x: v128): v128 {
  const a = atMost<T>(magnitude<T>(x), 40)
  const e = bell<T>(a)
  const term = v128.mul<T>(v128.mul<T>(a, fill<T>(0.3989422804014327)), e)
  return v128.add<T>(signed<T>(v128.mul<T>(e, mills<T>(a)), x), v128.or(term, v128.and(x, fill<T>(-0.0))))
}
