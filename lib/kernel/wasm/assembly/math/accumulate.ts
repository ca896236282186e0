// Sums in float64 whatever the format; those down columns accumulate in memory, row by row, so that a matrix is read in
// the order of memory.

@inline
export function low<T>(x: v128): v128 { return sizeof<T>() == 4 ? f64x2.promote_low_f32x4(x) : x }
@inline
export function high(x: v128): v128 { return f64x2.promote_low_f32x4(i64x2.shuffle(x, x, 1, 0)) }
@inline
export function total(s: v128): f64 { return f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1) }

/** Adds the numbers of a vector to sums in memory. */
@inline
export function gather<T>(sums: usize, x: v128): void {
  v128.store(sums, f64x2.add(v128.load(sums), low<T>(x)))
  if (sizeof<T>() == 4) v128.store(sums, f64x2.add(v128.load(sums, 16), high(x)), 16)
}
/** The address of the sums of the next vector. */
@inline
export function wide<T>(bytes: usize): usize { return bytes * (8 / sizeof<T>()) }

@inline
export function inverse<T>(variance: usize, epsilon: f64): f64 { return 1 / sqrt<f64>(<f64>load<T>(variance) + epsilon) }
