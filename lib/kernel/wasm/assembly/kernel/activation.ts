// Activations of the lanes of a vector, and their derivatives. Those that go to −0 for x → −∞ are given a bound below, where they have
// got there, so that −∞ · 0 does not come up.
import { decay, expm1Reduced, power, quotient, rounder } from '../math/exp'
import { atLeast, atMost, fill, horner, sign } from '../math/lanes'
import { geluSlope, normalCdf } from '../math/normal'
import { sigmoidFrom } from '../math/tanh'
import { positive } from './simple'

/** exp(x) − 1 for x ≤ 0, near 0 too. It is −1 from −40 on in both formats. */
@inline
function expm1<T>(x: v128): v128 {
  x = atLeast<T>(x, -40)
  const n = quotient<T>(x)
  const scale = power<T>(n)
  const q = expm1Reduced<T>(x, v128.sub<T>(n, rounder<T>()))
  return v128.or(v128.add<T>(v128.mul<T>(scale, q), v128.sub<T>(scale, fill<T>(1))), sign<T>(x))
}

/**
 * log(1 + e) for 0 ≤ e ≤ 1, to 2 ulp: 2 artanh(s) = 2s + s³ P(s²) for s = e / (2 + e). P is our own fit (Chebyshev); with it the
 * logarithm has relative errors below 2⁻³¹ and 2⁻⁵⁷.
 */
@inline
function log1p<T>(e: v128): v128 {
  const s = v128.div<T>(e, v128.add<T>(fill<T>(2), e))
  const z = v128.mul<T>(s, s)
  let p: v128
  if (sizeof<T>() == 4) {
    p = horner<T>(fill<T>(0.2322432922), z, 0.217065758)
    p = horner<T>(p, z, 0.2859235799)
    p = horner<T>(p, z, 0.3999970633)
    p = horner<T>(p, z, 0.6666666732)
  } else {
    p = horner<T>(fill<T>(0.1616404561194353), z, 0.08800738486144674)
    p = horner<T>(p, z, 0.12001072809590713)
    p = horner<T>(p, z, 0.13314144209654935)
    p = horner<T>(p, z, 0.15385570064958623)
    p = horner<T>(p, z, 0.18181789436132859)
    p = horner<T>(p, z, 0.22222222717427864)
    p = horner<T>(p, z, 0.2857142856710876)
    p = horner<T>(p, z, 0.40000000000014585)
    p = horner<T>(p, z, 0.6666666666666666)
  }
  return v128.add<T>(v128.add<T>(s, s), v128.mul<T>(s, v128.mul<T>(z, p)))
}

@inline
export function elu<T>(x: v128, p: v128): v128 {
  return positive<T>(x, v128.mul<T>(p, expm1<T>(x)), x)
}

/** d · p · exp(x) where x is not above zero, so that x is −|x|; else d. */
@inline
export function eluPullback<T>(d: v128, x: v128, p: v128): v128 {
  return positive<T>(d, v128.mul<T>(d, v128.mul<T>(p, decay<T>(x))), x)
}

/** log(1 + exp(p x)) / p, for p < 0 too. */
@inline
export function softplus<T>(x: v128, p: v128): v128 {
  const z = v128.mul<T>(p, x)
  const rest = v128.div<T>(log1p<T>(decay<T>(z)), p)
  return v128.add<T>(positive<T>(x, fill<T>(0), z), rest)
}

@inline
function gate<T>(x: v128): v128 {
  return sigmoidFrom<T>(x, decay<T>(x))
}

/** x σ(x). */
@inline
export function silu<T>(x: v128): v128 {
  return v128.mul<T>(atLeast<T>(x, -1000), gate<T>(x))
}

/** d · σ(x) (1 + x (1 − σ(x))). */
@inline
export function siluPullback<T>(d: v128, x: v128): v128 {
  const one = fill<T>(1)
  const s = gate<T>(x)
  const b = atMost<T>(atLeast<T>(x, -1000), 1000)
  return v128.mul<T>(d, v128.mul<T>(s, v128.add<T>(one, v128.mul<T>(b, v128.sub<T>(one, s)))))
}

/** x Φ(x). */
@inline
export function gelu<T>(x: v128): v128 {
  return v128.mul<T>(atLeast<T>(x, -40), normalCdf<T>(x))
}

/** d · (Φ(x) + x φ(x)). */
@inline
export function geluPullback<T>(d: v128, x: v128): v128 {
  return v128.mul<T>(d, geluSlope<T>(x))
}

/** σ(2u) for u = √(2/π) (x + 0.044715 x³). */
@inline
function cubicGate<T>(x: v128, square: v128): v128 {
  return gate<T>(v128.mul<T>(x, horner<T>(fill<T>(0.07135481627260025), square, 1.5957691216057308)))
}

/** x/2 (1 + tanh u) = x σ(2u). */
@inline
export function geluTanh<T>(x: v128): v128 {
  x = atLeast<T>(x, -1000)
  return v128.mul<T>(x, cubicGate<T>(x, v128.mul<T>(x, x)))
}

/** d · σ(2u) (1 + 2 x u′ (1 − σ(2u))). */
@inline
export function geluTanhPullback<T>(d: v128, x: v128): v128 {
  const one = fill<T>(1)
  x = atMost<T>(atLeast<T>(x, -1000), 1000)
  const square = v128.mul<T>(x, x)
  const s = cubicGate<T>(x, square)
  const slope = v128.mul<T>(x, horner<T>(fill<T>(0.21406444881780076), square, 1.5957691216057308))
  return v128.mul<T>(d, v128.mul<T>(s, v128.add<T>(one, v128.mul<T>(slope, v128.sub<T>(one, s)))))
}

/**
 * tanh(log(1 + eˣ)) = n / (n + 2) for n = eˣ (eˣ + 2), in powers of f = exp(−|x|): 2f + f² over itself + 2 for x < 0, and
 * 1 + 2f over itself + 2f² else.
 */
@inline
function mishNumerator<T>(f: v128, negative: v128): v128 {
  return v128.add<T>(v128.add<T>(f, f), v128.bitselect(v128.mul<T>(f, f), fill<T>(1), negative))
}

@inline
function mishDenominator<T>(f: v128, negative: v128, numerator: v128): v128 {
  const two = fill<T>(2)
  return v128.add<T>(numerator, v128.bitselect(two, v128.mul<T>(two, v128.mul<T>(f, f)), negative))
}

/** x tanh(log(1 + eˣ)). */
@inline
export function mish<T>(x: v128): v128 {
  const f = decay<T>(x)
  const negative = v128.lt<T>(x, fill<T>(0))
  const n = mishNumerator<T>(f, negative)
  return v128.mul<T>(atLeast<T>(x, -1000), v128.div<T>(n, mishDenominator<T>(f, negative, n)))
}

/** d · (n / (n + 2) + 4 x eˣ (1 + eˣ) / (n + 2)²). */
@inline
export function mishPullback<T>(d: v128, x: v128): v128 {
  const one = fill<T>(1)
  const f = decay<T>(x)
  const negative = v128.lt<T>(x, fill<T>(0))
  const n = mishNumerator<T>(f, negative)
  const m = mishDenominator<T>(f, negative, n)
  const powers = v128.mul<T>(v128.mul<T>(f, v128.add<T>(one, f)), v128.bitselect(one, f, negative))
  const term = v128.mul<T>(v128.mul<T>(fill<T>(4), atMost<T>(atLeast<T>(x, -1000), 1000)), v128.div<T>(powers, m))
  return v128.mul<T>(d, v128.div<T>(v128.add<T>(n, term), m))
}
