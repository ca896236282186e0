import { atLeast, atMost, constant, fill, horner, sign } from './lanes'

// Added to a number, 1.5 · 2²³ and 1.5 · 2⁵² round it to an integer, and leave that integer in the low bits.
@inline
export function rounder<T>(): v128 {
  return constant<T>(12582912, 6755399441055744)
}

/** round(x / ln 2) + rounder, for |x| up to 1024. */
@inline
export function quotient<T>(x: v128): v128 {
  return v128.add<T>(v128.mul<T>(x, fill<T>(1.4426950408889634)), rounder<T>())
}

/** 2ᵏ for the integer k in the low bits of n, −126 ≤ k ≤ 127 or −1022 ≤ k ≤ 1023. */
@inline
export function power<T>(n: v128): v128 {
  if (sizeof<T>() == 4) return v128.add<i32>(v128.shl<i32>(n, 23), fill<T>(1))
  return v128.add<i64>(v128.shl<i64>(n, 52), fill<T>(1))
}

/**
 * exp(x − k ln 2) − 1 for k the nearest integer to x / ln 2, to 1 ulp, by the rational function of r = x − k ln 2
 * r c / (2 − c) + r, c = r − r² P(r²) ≈ 2 − 2 r / (exp(r) − 1). k ln 2 has a first part that is exact and a rest.
 * FreeBSD's msun, e_exp.c and e_expf.c.
 */
@inline
export function expm1Reduced<T>(x: v128, k: v128): v128 {
  const hi = v128.sub<T>(x, v128.mul<T>(k, constant<T>(0.693145751953125, 6.93147180369123816490e-1)))
  const lo = v128.mul<T>(k, constant<T>(1.4286067653e-6, 1.90821492927058770002e-10))
  const r = v128.sub<T>(hi, lo)
  const t = v128.mul<T>(r, r)
  let p: v128
  if (sizeof<T>() == 4) p = horner<T>(fill<T>(-2.7667332906e-3), t, 1.6666625440e-1)
  else {
    p = horner<T>(fill<T>(4.13813679705723846039e-8), t, -1.65339022054652515390e-6)
    p = horner<T>(p, t, 6.61375632143793436117e-5)
    p = horner<T>(p, t, -2.77777777770155933842e-3)
    p = horner<T>(p, t, 1.66666666666666019037e-1)
  }
  const c = v128.sub<T>(r, v128.mul<T>(t, p))
  const q = v128.div<T>(v128.mul<T>(r, c), v128.sub<T>(fill<T>(2), c))
  return v128.sub<T>(hi, v128.sub<T>(lo, q))
}

/** exp(x), to 1 ulp, for −87 < x < 88 or −708 < x < 709, where the result is a normal number. */
@inline
export function expNormal<T>(x: v128): v128 {
  const n = quotient<T>(x)
  return v128.mul<T>(v128.add<T>(fill<T>(1), expm1Reduced<T>(x, v128.sub<T>(n, rounder<T>()))), power<T>(n))
}

/**
 * exp(x), to 1 ulp, denormal results included: 2ᵏ · exp(x − k ln 2), where 2ᵏ comes as two factors, since 2ᵏ itself may
 * be too large or too small for the format. Beyond the bounds the result is 0 or ∞ as at them.
 */
@inline
export function exp<T>(x: v128): v128 {
  x = sizeof<T>() == 4 ? atLeast<T>(atMost<T>(x, 89), -104) : atLeast<T>(atMost<T>(x, 710), -746)
  const n = quotient<T>(x)
  const y = v128.add<T>(fill<T>(1), expm1Reduced<T>(x, v128.sub<T>(n, rounder<T>())))
  const half = sizeof<T>() == 4 ? v128.shr<u32>(n, 1) : v128.shr<u64>(n, 1)
  const rest = sizeof<T>() == 4 ? v128.sub<i32>(n, half) : v128.sub<i64>(n, half)
  return v128.mul<T>(v128.mul<T>(y, power<T>(half)), power<T>(rest))
}

/** exp(−|x|) as a separate function, for functions in which it is one step among many, so that its code exists once. */
export function decay<T>(x: v128): v128 {
  return exp<T>(v128.or(x, fill<T>(-0.0)))
}

/** exp(x) − 1 for x ≤ 1, near 0 too. It is −1 from −40 on in both formats. */
@inline
export function expm1AtMost1<T>(x: v128): v128 {
  x = atLeast<T>(x, -40)
  const n = quotient<T>(x)
  const scale = power<T>(n)
  const q = expm1Reduced<T>(x, v128.sub<T>(n, rounder<T>()))
  return v128.or(v128.add<T>(v128.mul<T>(scale, q), v128.sub<T>(scale, fill<T>(1))), sign<T>(x))
}

/** exp(x) − 1, to 3 ulp, near 0 too. */
export function expm1<T>(x: v128): v128 {
  const large = v128.sub<T>(exp<T>(x), fill<T>(1))
  return v128.bitselect(large, expm1AtMost1<T>(atMost<T>(x, 1)), v128.gt<T>(x, fill<T>(1)))
}
