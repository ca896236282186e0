import { constant, fill, horner } from './lanes'

/**
 * log(x), to 1 ulp, the logarithms of denormals and of numbers near 1 included; log(±0) = −∞, NaN for x < 0.
 *
 * x = 2ᵏ (1 + f) with √½ ≤ 1 + f < √2, and log(1 + f) = f − f²/2 + s (f²/2 + R(s²)) for s = f / (2 + f).
 * FreeBSD's msun, e_log.c and e_logf.c.
 */
@inline
export function log<T>(x: v128): v128 {
  // Denormals are first multiplied by 2²⁵ or 2⁵⁴.
  const small = v128.lt<T>(x, constant<T>(1.1754943508222875e-38, 2.2250738585072014e-308))
  const scale = v128.bitselect(constant<T>(33554432, 18014398509481984), fill<T>(1), small)
  const scaled = v128.mul<T>(x, scale)
  const bias = v128.add<T>(constant<T>(8388735, 4503599627371519), v128.and(small, constant<T>(25, 54)))

  // The exponent of x / √½ goes into the low bits of 2²³ or 2⁵², which makes it a number of the format T.
  let k: v128, m: v128
  if (sizeof<T>() == 4) {
    const bits = v128.add<i32>(scaled, i32x4.splat(0x3f800000 - 0x3f3504f3))
    k = v128.or(v128.shr<u32>(bits, 23), f32x4.splat(8388608))
    m = v128.add<i32>(v128.and(bits, i32x4.splat(0x007fffff)), i32x4.splat(0x3f3504f3))
  } else {
    const bits = v128.add<i64>(scaled, i64x2.splat(0x3ff0000000000000 - 0x3fe6a09e667f3bcd))
    k = v128.or(v128.shr<u64>(bits, 52), f64x2.splat(4503599627370496))
    m = v128.add<i64>(v128.and(bits, i64x2.splat(0x000fffffffffffff)), i64x2.splat(0x3fe6a09e667f3bcd))
  }
  k = v128.sub<T>(k, bias)

  const f = v128.sub<T>(m, fill<T>(1))
  const s = v128.div<T>(f, v128.add<T>(fill<T>(2), f))
  const z = v128.mul<T>(s, s)
  let r: v128
  if (sizeof<T>() == 4) {
    r = horner<T>(fill<T>(0.24279078841), z, 0.28498786688)
    r = horner<T>(r, z, 0.40000972152)
    r = horner<T>(r, z, 0.66666662693)
  } else {
    r = horner<T>(fill<T>(1.479819860511658591e-1), z, 1.531383769920937332e-1)
    r = horner<T>(r, z, 1.818357216161805012e-1)
    r = horner<T>(r, z, 2.222219843214978396e-1)
    r = horner<T>(r, z, 2.857142874366239149e-1)
    r = horner<T>(r, z, 3.999999999940941908e-1)
    r = horner<T>(r, z, 6.666666666666735130e-1)
  }
  r = v128.mul<T>(r, z)
  const square = v128.mul<T>(v128.mul<T>(fill<T>(0.5), f), f)
  const low = v128.mul<T>(k, constant<T>(9.0580006145e-6, 1.90821492927058770002e-10))
  const high = v128.mul<T>(k, constant<T>(0.693138122558593750, 6.93147180369123816490e-1))
  const rest = v128.add<T>(v128.mul<T>(s, v128.add<T>(square, r)), low)
  const y = v128.sub<T>(high, v128.sub<T>(v128.sub<T>(square, rest), f))

  // ∞ and NaN as they are; −∞ for zeros; below them all bits set, which is a NaN.
  const finite = v128.lt<T>(x, fill<T>(Infinity))
  const zero = v128.eq<T>(x, fill<T>(0))
  const negative = v128.lt<T>(x, fill<T>(0))
  return v128.or(v128.bitselect(v128.sub<T>(y, v128.and(zero, fill<T>(Infinity))), x, finite), negative)
}

/** log(1 + x), to 2 ulp, near 0 too. */
export function log1p<T>(x: v128): v128 {
  const near = v128.and(v128.gt<T>(x, fill<T>(-0.5)), v128.lt<T>(x, fill<T>(1)))
  return v128.bitselect(log1pNear<T>(x), log<T>(v128.add<T>(x, fill<T>(1))), near)
}

/**
 * log(1 + e) for −½ ≤ e ≤ 1, to 2 ulp: 2 artanh(s) = 2s + s³ P(s²) for s = e / (2 + e). P is our own fit (Chebyshev);
 * with it the logarithm has relative errors below 2⁻³¹ and 2⁻⁵⁷.
 */
@inline
export function log1pNear<T>(e: v128): v128 {
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
