// Activations of the lanes of a vector, and their derivatives. Those that go to −0 for x → −∞ are bounded below, where
// they have reached it, so that −∞ · 0 does not occur.
import { decay, expm1AtMost1 } from '../math/exp'
import { atLeast, atMost, fill, horner, sign } from '../math/lanes'
import { log1pNear } from '../math/log'
import { geluSlope, normalCdf } from '../math/normal'
import { sigmoidFrom } from '../math/tanh'
import { positive } from './simple'

@inline
export function elu<T>(x: v128, p: v128): v128 {
  return positive<T>(x, v128.mul<T>(p, expm1AtMost1<T>(x)), x)
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
  const rest = v128.div<T>(log1pNear<T>(decay<T>(z)), p)
  return v128.add<T>(positive<T>(x, fill<T>(0), z), rest)
}

/** σ(x) σ(−x) from e = exp(−|x|). */
@inline
function bump<T>(e: v128): v128 {
  const q = v128.div<T>(fill<T>(1), v128.add<T>(fill<T>(1), e))
  return v128.mul<T>(v128.mul<T>(e, q), q)
}

/** d · σ(x) σ(−x), the derivative of σ: with all its digits for any x, unlike σ (1 − σ). */
@inline
export function sigmoidPullback<T>(d: v128, x: v128): v128 {
  return v128.mul<T>(d, bump<T>(decay<T>(x)))
}

/** d · 4 σ(2x) σ(−2x), the derivative of tanh. */
@inline
export function tanhPullback<T>(d: v128, x: v128): v128 {
  return v128.mul<T>(d, v128.mul<T>(fill<T>(4), bump<T>(decay<T>(v128.add<T>(x, x)))))
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
 * tanh(log(1 + eˣ)) = n / (n + 2) for n = eˣ (eˣ + 2), in powers of f = exp(−|x|): 2f + f² over itself + 2 for x < 0,
 * and 1 + 2f over itself + 2f² else.
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
