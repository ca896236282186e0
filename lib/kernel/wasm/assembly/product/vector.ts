// A matrix times a vector, in the form that reads the matrix in the order of memory.
import { blocked, KC, NC } from './blocked'
import { lanes, mulAdd } from '../math/lanes'

/** y = A x, or y += A x, for rows of A that are contiguous: a dot product for each. */
function dots<T>(add: bool, M: i32, K: i32, A: usize, aRow: usize, x: usize, y: usize): void {
  const n = <usize>K * sizeof<T>()
  for (let i = 0; i < M; i++) {
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

/** y = A x, or y += A x, for columns of A that are contiguous: their sum, each times an entry of x. */
function axpys<T>(add: bool, M: i32, K: i32, A: usize, aCol: usize, x: usize, y: usize): void {
  const W = 4 * lanes<T>()
  let i = 0
  for (; i + W <= M; i += W) {
    let s0 = v128.splat<T>(0), s1 = s0, s2 = s0, s3 = s0
    if (add) {
      s0 = v128.load(y)
      s1 = v128.load(y, 16)
      s2 = v128.load(y, 32)
      s3 = v128.load(y, 48)
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
    v128.store(y, s0)
    v128.store(y, s1, 16)
    v128.store(y, s2, 32)
    v128.store(y, s3, 48)
    A += 64
    y += 64
  }
  for (; i < M; i++) {
    let s: T = add ? load<T>(y) : 0
    let p = A, q = x
    for (let k = 0; k < K; k++) {
      s += load<T>(p) * load<T>(q)
      p += aCol
      q += sizeof<T>()
    }
    store<T>(y, s)
    A += sizeof<T>()
    y += sizeof<T>()
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
    const q = line<T>(x + <usize>k * step, step, depth, ws)
    if (aCol == sizeof<T>()) dots<T>(add || k > 0, M, depth, A + <usize>k * aCol, aRow, q, y)
    else axpys<T>(add || k > 0, M, depth, A + <usize>k * aCol, aCol, q, y)
  }
}
