// A matrix times a vector, in the form that reads the matrix in the order of memory.
import { blocked, KC, NC } from './blocked'
import { lanes, mulAdd } from '../math/lanes'

/** Sums of lanes of two vectors: of all of them in float64, of half of them in float32. */
@inline
function folded<T>(a: v128, b: v128): v128 {
  if (sizeof<T>() == 8) return f64x2.add(i64x2.shuffle(a, b, 0, 2), i64x2.shuffle(a, b, 1, 3))
  return f32x4.add(i32x4.shuffle(a, b, 0, 4, 1, 5), i32x4.shuffle(a, b, 2, 6, 3, 7))
}

/** y = A x, or y += A x, for four rows of A: each number of x is loaded once for all. */
function four<T>(add: bool, n: usize, r0: usize, aRow: usize, x: usize, y: usize): void {
  const r1 = r0 + aRow, r2 = r1 + aRow, r3 = r2 + aRow, whole = n & ~31
  let s0 = v128.splat<T>(0), s1 = s0, s2 = s0, s3 = s0
  for (let k: usize = 0; k < whole; k += 32) {
    let v = v128.load(x + k)
    s0 = mulAdd<T>(s0, v128.load(r0 + k), v)
    s1 = mulAdd<T>(s1, v128.load(r1 + k), v)
    s2 = mulAdd<T>(s2, v128.load(r2 + k), v)
    s3 = mulAdd<T>(s3, v128.load(r3 + k), v)
    v = v128.load(x + k, 16)
    s0 = mulAdd<T>(s0, v128.load(r0 + k, 16), v)
    s1 = mulAdd<T>(s1, v128.load(r1 + k, 16), v)
    s2 = mulAdd<T>(s2, v128.load(r2 + k, 16), v)
    s3 = mulAdd<T>(s3, v128.load(r3 + k, 16), v)
  }
  s0 = folded<T>(s0, s1)
  s2 = folded<T>(s2, s3)
  if (sizeof<T>() == 4) s0 = f32x4.add(i64x2.shuffle(s0, s2, 0, 2), i64x2.shuffle(s0, s2, 1, 3))
  for (let k = whole; k < n; k += sizeof<T>()) {
    const v = v128.load_splat<T>(x + k)
    let a = v128.load_splat<T>(r0 + k)
    if (sizeof<T>() == 4) {
      a = v128.load_lane<f32>(r1 + k, a, 1)
      a = v128.load_lane<f32>(r2 + k, a, 2)
      s0 = mulAdd<T>(s0, v128.load_lane<f32>(r3 + k, a, 3), v)
    } else {
      s0 = mulAdd<T>(s0, v128.load_lane<f64>(r1 + k, a, 1), v)
      s2 = mulAdd<T>(s2, v128.load_lane<f64>(r3 + k, v128.load_splat<f64>(r2 + k), 1), v)
    }
  }
  v128.store(y, add ? v128.add<T>(v128.load(y), s0) : s0)
  if (sizeof<T>() == 8) v128.store(y, add ? v128.add<T>(v128.load(y, 16), s2) : s2, 16)
}

/** y = A x, or y += A x, for rows of A that are contiguous: a dot product for each. */
function dots<T>(add: bool, M: i32, K: i32, A: usize, aRow: usize, x: usize, y: usize): void {
  const n = <usize>K * sizeof<T>()
  let i = 0
  for (; i + 4 <= M; i += 4) {
    four<T>(add, n, A, aRow, x, y)
    A += 4 * aRow
    y += 4 * sizeof<T>()
  }
  for (; i < M; i++) {
    let s0 = v128.splat<T>(0), s1 = s0, s2 = s0, s3 = s0
    let k: usize = 0
    for (; k + 64 <= n; k += 64) {
      s0 = mulAdd<T>(s0, v128.load(A + k), v128.load(x + k))
      s1 = mulAdd<T>(s1, v128.load(A + k, 16), v128.load(x + k, 16))
      s2 = mulAdd<T>(s2, v128.load(A + k, 32), v128.load(x + k, 32))
      s3 = mulAdd<T>(s3, v128.load(A + k, 48), v128.load(x + k, 48))
    }
    for (; k + 16 <= n; k += 16) s0 = mulAdd<T>(s0, v128.load(A + k), v128.load(x + k))
    s0 = v128.add<T>(v128.add<T>(s0, s1), v128.add<T>(s2, s3))
    let s: T
    if (sizeof<T>() == 4)
      s = <T>(
        f32x4.extract_lane(s0, 0) + f32x4.extract_lane(s0, 1) + (f32x4.extract_lane(s0, 2) + f32x4.extract_lane(s0, 3))
      )
    else s = <T>(f64x2.extract_lane(s0, 0) + f64x2.extract_lane(s0, 1))
    for (; k < n; k += sizeof<T>()) s += load<T>(A + k) * load<T>(x + k)
    store<T>(y, add ? load<T>(y) + s : s)
    A += aRow
    y += sizeof<T>()
  }
}

/**
 * y = A x, or y += A x, for columns of A that are contiguous: their sum, each times an entry of x; four vectors of y
 * at a time, the last ones by way of `whole`.
 */
function axpys<T>(add: bool, M: i32, K: i32, A: usize, aCol: usize, x: usize, y: usize, whole: usize): void {
  const E = <i32>sizeof<T>()
  for (let left = M * E; left > 0; left -= 64) {
    const to = left < 64 ? whole : y
    if (add && left < 64) for (let i = 0; i < left; i += E) store<T>(whole + i, load<T>(y + i))
    let s0 = v128.splat<T>(0), s1 = s0, s2 = s0, s3 = s0
    if (add) {
      s0 = v128.load(to)
      s1 = v128.load(to, 16)
      s2 = v128.load(to, 32)
      s3 = v128.load(to, 48)
    }
    let p = A, q = x
    for (let k = 0; k < K; k++) {
      const v = v128.load_splat<T>(q)
      s0 = mulAdd<T>(s0, v128.load(p), v)
      s1 = mulAdd<T>(s1, v128.load(p, 16), v)
      s2 = mulAdd<T>(s2, v128.load(p, 32), v)
      s3 = mulAdd<T>(s3, v128.load(p, 48), v)
      p += aCol
      q += sizeof<T>()
    }
    v128.store(to, s0)
    v128.store(to, s1, 16)
    v128.store(to, s2, 32)
    v128.store(to, s3, 48)
    if (left < 64) for (let i = 0; i < left; i += E) store<T>(y + i, load<T>(whole + i))
    A += 64
    y += 64
  }
}

/** A contiguous vector: the vector itself, or a copy. */
function line<T>(x: usize, step: usize, n: i32, to: usize): usize {
  if (step == sizeof<T>()) return x
  for (let i = 0; i < n; i++) {
    store<T>(to + <usize>i * sizeof<T>(), load<T>(x))
    x += step
  }
  return to
}

/** A matrix times a vector, in the form that reads the matrix in the order of memory. */
export function vector<T>(
  add: bool, M: i32, K: i32, A: usize, aRow: usize, aCol: usize, x: usize, step: usize, y: usize, ws: usize,
): void {
  if (aCol != sizeof<T>() && aRow != sizeof<T>()) return blocked<T>(add, M, 1, K, A, aRow, aCol, x, step, 0, y, sizeof<T>(), ws)
  for (let k = 0; k == 0 || k < K; k += KC * NC) {
    const depth = min(K - k, KC * NC)
    const q = line<T>(x + <usize>k * step, step, depth, ws + 64)
    if (aCol == sizeof<T>()) dots<T>(add || k > 0, M, depth, A + <usize>k * aCol, aRow, q, y)
    else axpys<T>(add || k > 0, M, depth, A + <usize>k * aCol, aCol, q, y, ws)
  }
}
