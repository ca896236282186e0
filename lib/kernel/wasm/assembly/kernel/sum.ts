// Sums, in float64 whatever the format.
import { lanes, widened } from '../math/lanes'

/** Each row of x [rows, n]. */
export function sumRows<T>(x: usize, y: usize, rows: i32, n: i32): void {
  const L = lanes<T>()
  for (let i = 0; i < rows; i++) {
    let s0 = f64x2.splat(0), s1 = s0
    let j = 0
    for (; j + 2 * L <= n; j += 2 * L) {
      s0 = widened<T>(s0, v128.load(x))
      s1 = widened<T>(s1, v128.load(x, 16))
      x += 32
    }
    s0 = f64x2.add(s0, s1)
    let s = f64x2.extract_lane(s0, 0) + f64x2.extract_lane(s0, 1)
    for (; j < n; j++) {
      s += <f64>load<T>(x)
      x += sizeof<T>()
    }
    store<T>(y, <T>s)
    y += sizeof<T>()
  }
}

/** The sums of the first entries of each row of x [rows, n]: of one, of two, and so on. */
export function cumsum<T>(x: usize, y: usize, rows: i32, n: i32): void {
  for (; rows > 0; rows--) {
    let s: f64 = 0
    for (let j = 0; j < n; j++, x += sizeof<T>(), y += sizeof<T>()) {
      s += <f64>load<T>(x)
      store<T>(y, <T>s)
    }
  }
}

/** Each column of x [rows, n]: 64 bytes of columns at a time go down the rows. */
export function sumColumns<T>(x: usize, y: usize, rows: i32, n: i32): void {
  const row = <usize>n * sizeof<T>()
  const end = y + row
  for (; y < end; y += 32, x += 32) {
    let s0 = f64x2.splat(0), s1 = s0, s2 = s0, s3 = s0
    let p = x
    for (let i = 0; i < rows; i++) {
      const a = v128.load(p), b = v128.load(p, 16)
      if (sizeof<T>() == 4) {
        s0 = f64x2.add(s0, f64x2.promote_low_f32x4(a))
        s1 = f64x2.add(s1, f64x2.promote_low_f32x4(i64x2.shuffle(a, a, 1, 0)))
        s2 = f64x2.add(s2, f64x2.promote_low_f32x4(b))
        s3 = f64x2.add(s3, f64x2.promote_low_f32x4(i64x2.shuffle(b, b, 1, 0)))
      } else {
        s0 = f64x2.add(s0, a)
        s1 = f64x2.add(s1, b)
      }
      p += row
    }
    if (sizeof<T>() == 4) {
      v128.store(y, i64x2.shuffle(f32x4.demote_f64x2_zero(s0), f32x4.demote_f64x2_zero(s1), 0, 2))
      v128.store(y, i64x2.shuffle(f32x4.demote_f64x2_zero(s2), f32x4.demote_f64x2_zero(s3), 0, 2), 16)
    } else {
      v128.store(y, s0)
      v128.store(y, s1, 16)
    }
  }
}
