// Each row of a matrix x [rows, n] minus its mean, divided by its deviation.
import { first, lanes, mulAdd, widened } from '../math/lanes'
import { gather, high, inverse, low, total, wide } from '../math/accumulate'

export function rowMoments<T>(x: usize, mean: usize, variance: usize, rows: i32, n: i32, centered: bool): void {
  const L = lanes<T>()
  for (let i = 0; i < rows; i++) {
    let c: f64 = 0
    if (centered) {
      let s = f64x2.splat(0), p = x, j = 0
      for (; j + L <= n; j += L, p += 16) s = widened<T>(s, v128.load(p))
      c = total(s)
      for (; j < n; j++, p += sizeof<T>()) c += <f64>load<T>(p)
      c /= <f64>n
    }
    const m = f64x2.splat(c)
    let q0 = f64x2.splat(0), q1 = q0, p = x, j = 0
    for (; j + L <= n; j += L, p += 16) {
      const v = v128.load(p)
      const a = f64x2.sub(low<T>(v), m)
      q0 = f64x2.add(q0, f64x2.mul(a, a))
      if (sizeof<T>() == 4) {
        const b = f64x2.sub(high(v), m)
        q1 = f64x2.add(q1, f64x2.mul(b, b))
      }
    }
    let q = total(f64x2.add(q0, q1))
    for (; j < n; j++, p += sizeof<T>()) q += (<f64>load<T>(p) - c) * (<f64>load<T>(p) - c)
    store<T>(mean, <T>c)
    store<T>(variance, <T>(q / <f64>n))
    x = x + <usize>n * sizeof<T>()
    mean += sizeof<T>()
    variance += sizeof<T>()
  }
}

export function normalizeRows<T>(
  x: usize, scale: usize, shift: usize, mean: usize, variance: usize, y: usize, rows: i32, n: i32, epsilon: f64,
): void {
  const row = <usize>n * sizeof<T>()
  for (let i = 0; i < rows; i++) {
    const m = v128.load_splat<T>(mean), r = v128.splat<T>(<T>inverse<T>(variance, epsilon))
    for (let j: usize = 0; j < row; j += 16) {
      const z = v128.mul<T>(v128.sub<T>(v128.load(x + j), m), r)
      v128.store(y + j, mulAdd<T>(v128.load(shift + j), z, v128.load(scale + j)))
    }
    x += row
    y += row
    mean += sizeof<T>()
    variance += sizeof<T>()
  }
}

/** `room` is for 2 (n + 4) float64 numbers. */
export function normalizeRowsPullback<T>(
  d: usize, x: usize, scale: usize, mean: usize, variance: usize, dx: usize, dscale: usize, dshift: usize,
  rows: i32, n: i32, epsilon: f64, centered: bool, room: usize,
): void {
  const row = <usize>n * sizeof<T>()
  const scales = room + 8 * (<usize>n + 4)
  const zero = f64x2.splat(0)
  memory.fill(room, 0, 16 * (<usize>n + 4))
  for (let i = 0; i < rows; i++) {
    const inv = inverse<T>(variance, epsilon)
    const m = v128.load_splat<T>(mean), r = v128.splat<T>(<T>inv)
    let s = zero, t = zero, left = n
    for (let j: usize = 0; j < row; j += 16, left -= lanes<T>()) {
      const by = v128.load(d + j)
      const z = v128.mul<T>(v128.sub<T>(v128.load(x + j), m), r)
      const g = v128.mul<T>(by, v128.load(scale + j))
      s = widened<T>(s, first<T>(left, g, zero))
      t = widened<T>(t, first<T>(left, v128.mul<T>(g, z), zero))
      gather<T>(room + wide<T>(j), by)
      gather<T>(scales + wide<T>(j), v128.mul<T>(by, z))
    }
    const a = v128.splat<T>(<T>(centered ? total(s) / <f64>n : 0)), b = v128.splat<T>(<T>(total(t) / <f64>n))
    for (let j: usize = 0; j < row; j += 16) {
      const z = v128.mul<T>(v128.sub<T>(v128.load(x + j), m), r)
      const g = v128.mul<T>(v128.load(d + j), v128.load(scale + j))
      v128.store(dx + j, v128.mul<T>(r, v128.sub<T>(v128.sub<T>(g, a), v128.mul<T>(z, b))))
    }
    d += row
    x += row
    dx += row
    mean += sizeof<T>()
    variance += sizeof<T>()
  }
  for (let j: usize = 0; j < <usize>n; j++) {
    store<T>(dscale + j * sizeof<T>(), <T>load<f64>(scales + 8 * j))
    store<T>(dshift + j * sizeof<T>(), <T>load<f64>(room + 8 * j))
  }
}
