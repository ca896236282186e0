import { atLeast, atMost, constant, fill, horner, magnitude, sign } from './lanes'
import { rounder } from './exp'

/**
 * sin(x + shift · π/2), to 2 ulp, for |x| up to 10⁶; beyond, the angle loses its digits. With n = round(2x/π)
 * and r = x − n π/2, which takes π/2 in three parts of which the first two are exact, it is ±sin r or ±cos r, as the low
 * bits of n + shift say. The polynomials are those of FreeBSD's msun, k_sin.c and k_cos.c, and k_sinf.c and k_cosf.c.
 * Float32 is reduced in float64.
 */
function turned(x: v128, shift: i64): v128 {
  const n = v128.add<f64>(v128.mul<f64>(x, f64x2.splat(0.6366197723675814)), rounder<f64>())
  const k = v128.sub<f64>(n, rounder<f64>())
  let r = v128.sub<f64>(x, v128.mul<f64>(k, f64x2.splat(1.57079632673412561417e0)))
  r = v128.sub<f64>(r, v128.mul<f64>(k, f64x2.splat(6.07710050630396597660e-11)))
  r = v128.sub<f64>(r, v128.mul<f64>(k, f64x2.splat(2.02226624879595063154e-21)))
  r = atLeast<f64>(atMost<f64>(r, 0.7853981633974484), -0.7853981633974484)
  const z = v128.mul<f64>(r, r)
  let s = horner<f64>(fill<f64>(1.58969099521155010221e-10), z, -2.50507602534068634195e-8)
  s = horner<f64>(s, z, 2.75573137070700676789e-6)
  s = horner<f64>(s, z, -1.98412698298579493134e-4)
  s = horner<f64>(s, z, 8.33333333332248946124e-3)
  s = horner<f64>(s, z, -1.66666666666666324348e-1)
  s = v128.add<f64>(r, v128.mul<f64>(v128.mul<f64>(z, r), s))
  let c = horner<f64>(fill<f64>(-1.13596475577881948265e-11), z, 2.08757232129817482790e-9)
  c = horner<f64>(c, z, -2.75573143513906633035e-7)
  c = horner<f64>(c, z, 2.48015872894767294178e-5)
  c = horner<f64>(c, z, -1.38888888888741095749e-3)
  c = horner<f64>(c, z, 4.16666666666666019037e-2)
  const half = v128.mul<f64>(fill<f64>(0.5), z)
  const w = v128.sub<f64>(fill<f64>(1), half)
  const rest = v128.sub<f64>(v128.sub<f64>(fill<f64>(1), w), half)
  c = v128.add<f64>(w, v128.add<f64>(rest, v128.mul<f64>(v128.mul<f64>(z, z), c)))
  const quarter = v128.add<i64>(n, i64x2.splat(shift))
  const odd = v128.sub<i64>(i64x2.splat(0), v128.and(quarter, i64x2.splat(1)))
  const flipped = v128.shl<i64>(v128.and(quarter, i64x2.splat(2)), 62)
  return v128.xor(v128.bitselect(c, s, odd), flipped)
}

@inline
function wide<T>(x: v128, shift: i64): v128 {
  if (sizeof<T>() == 8) return turned(x, shift)
  const low = turned(f64x2.promote_low_f32x4(x), shift)
  const high = turned(f64x2.promote_low_f32x4(i64x2.shuffle(x, x, 1, 0)), shift)
  return i64x2.shuffle(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2)
}

/** sin(x); sin(−0) is −0. */
export function sin<T>(x: v128): v128 {
  return v128.bitselect(x, wide<T>(x, 0), v128.eq<T>(x, fill<T>(0)))
}

/** cos(x). */
export function cos<T>(x: v128): v128 { return wide<T>(x, 1) }

/** atan(x) for 0 ≤ x ≤ 1, to 2 ulp, by a rational function after (x − 1) / (x + 1) where x > 0.66. Cephes, atan.c. */
@inline
function atanShare<T>(x: v128): v128 {
  const far = v128.gt<T>(x, fill<T>(0.66))
  const one = fill<T>(1)
  const t = v128.bitselect(v128.div<T>(v128.sub<T>(x, one), v128.add<T>(x, one)), x, far)
  const z = v128.mul<T>(t, t)
  let p = horner<T>(fill<T>(-8.750608600031904122785e-1), z, -1.615753718733365076637e1)
  p = horner<T>(p, z, -7.500855792314704667340e1)
  p = horner<T>(p, z, -1.228866684490136173410e2)
  p = horner<T>(p, z, -6.485021904942025371773e1)
  let q = v128.add<T>(z, fill<T>(2.485846490142306297962e1))
  q = horner<T>(q, z, 1.650270098316988542046e2)
  q = horner<T>(q, z, 4.328810604912902668951e2)
  q = horner<T>(q, z, 4.853903996359136964868e2)
  q = horner<T>(q, z, 1.945506571482613964425e2)
  const y = v128.add<T>(t, v128.mul<T>(t, v128.div<T>(v128.mul<T>(z, p), q)))
  const base = v128.and(far, fill<T>(0.7853981633974483))
  return v128.add<T>(base, v128.add<T>(y, v128.and(far, constant<T>(0, 3.061616997868383e-17))))
}

/** The angle of the point with the ordinate y and the abscissa x, from −π to π, with the signs of zeros as usual. */
export function atan2<T>(y: v128, x: v128): v128 {
  const a = magnitude<T>(x)
  const b = magnitude<T>(y)
  const large = v128.max<T>(a, b)
  const same = v128.eq<T>(a, b) // both 0 or both infinite, too
  const share = v128.bitselect(fill<T>(1), v128.div<T>(v128.min<T>(a, b), large), same)
  const steep = v128.gt<T>(b, a)
  let angle = atanShare<T>(share)
  angle = v128.bitselect(v128.sub<T>(fill<T>(1.5707963267948966), angle), angle, steep)
  angle = v128.andnot(angle, v128.eq<T>(large, fill<T>(0)))
  const back = sizeof<T>() == 4 ? v128.shr<i32>(x, 31) : v128.shr<i64>(x, 63)
  angle = v128.bitselect(v128.sub<T>(fill<T>(3.141592653589793), angle), angle, back)
  return v128.or(v128.xor(angle, sign<T>(y)), v128.ne<T>(v128.add<T>(a, b), v128.add<T>(a, b)))
}
