// Functions that generic kernels need beyond AssemblyScript's own v128. Every branch on the format T, f32 or f64, is
// taken by the compiler.

/** c in every lane, given separately for each format. */
@inline
export function constant<T>(single: f32, double: f64): v128 {
  return sizeof<T>() == 4 ? f32x4.splat(single) : f64x2.splat(double)
}

/** c in every lane. */
@inline
export function fill<T>(c: f64): v128 {
  return constant<T>(<f32>c, c)
}

/** p · x + c: one step of Horner's rule. */
@inline
export function horner<T>(p: v128, x: v128, c: f64): v128 {
  return v128.add<T>(v128.mul<T>(p, x), fill<T>(c))
}

/** The sign bit of every lane. */
@inline
export function sign<T>(x: v128): v128 {
  return v128.and(x, fill<T>(-0.0))
}

/** |x|. */
@inline
export function magnitude<T>(x: v128): v128 {
  return v128.andnot(x, fill<T>(-0.0))
}

/** x where x < most, else most; NaN stays NaN. */
@inline
export function atMost<T>(x: v128, most: f64): v128 {
  return v128.pmin<T>(x, fill<T>(most))
}

/** x where x > least, else least; NaN stays NaN. */
@inline
export function atLeast<T>(x: v128, least: f64): v128 {
  return v128.pmax<T>(x, fill<T>(least))
}

/** The number of lanes of a vector. */
@inline
export function lanes<T>(): i32 { return 16 / sizeof<T>() }

/**
 * c + a · b, rounded twice: the same bits on every processor. In the kernels with relaxed SIMD it is rounded once where
 * the processor can do so.
 */
@inline
export function mulAdd<T>(c: v128, a: v128, b: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return v128.relaxed_madd<T>(a, b, c)
  return v128.add<T>(c, v128.mul<T>(a, b))
}

/** A vector with only its first n lanes; the others become `other`. */
@inline
export function first<T>(n: i32, x: v128, other: v128): v128 {
  if (sizeof<T>() == 4) return v128.bitselect(x, other, v128.lt<i32>(i32x4(0, 1, 2, 3), i32x4.splat(n)))
  return v128.bitselect(x, other, i64x2(n > 0 ? -1 : 0, n > 1 ? -1 : 0))
}

/** A sum in float64 of the numbers of a vector, lane by lane. */
@inline
export function widened<T>(s: v128, x: v128): v128 {
  if (sizeof<T>() == 8) return f64x2.add(s, x)
  return f64x2.add(s, f64x2.add(f64x2.promote_low_f32x4(x), f64x2.promote_low_f32x4(i64x2.shuffle(x, x, 1, 0))))
}
