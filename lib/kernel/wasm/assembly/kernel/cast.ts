// Numbers in another format, as typed arrays convert them: by float64, which holds all numbers of the others. Whole
// vectors are read and written: there is room for one behind each buffer.

/** From float32 to float64. */
export function widen(x: usize, y: usize, n: i32): void {
  for (; n > 0; n -= 2, x += 8, y += 16) v128.store(y, f64x2.promote_low_f32x4(v128.load64_zero(x)))
}

/** From float64 to float32. */
export function narrow(x: usize, y: usize, n: i32): void {
  for (; n > 0; n -= 2, x += 16, y += 8) v128.store64_lane(y, f32x4.demote_f64x2_zero(v128.load(x)), 0)
}

/** From int32 to float64. */
export function fromInt32(x: usize, y: usize, n: i32): void {
  for (; n > 0; n -= 2, x += 8, y += 16) v128.store(y, f64x2.convert_low_i32x4_s(v128.load64_zero(x)))
}

/**
 * From float64 to int32: without the fraction, and modulo 2³²; NaN and infinities become 0. All steps but the first are
 * exact, and leave a number from 0 on below 2³².
 */
export function toInt32(x: usize, y: usize, n: i32): void {
  for (; n > 0; n -= 2, x += 16, y += 8) {
    const v = f64x2.trunc(v128.load(x))
    const turns = f64x2.floor(f64x2.mul(v, f64x2.splat(1.0 / 4294967296.0)))
    const rest = f64x2.sub(v, f64x2.mul(turns, f64x2.splat(4294967296.0)))
    v128.store64_lane(y, i32x4.trunc_sat_f64x2_u_zero(rest), 0)
  }
}
