// Cross entropy of as many rows at a time as a vector has lanes, each in a lane of its own: rows of few classes leave
// no lane idle, and one logarithm serves several. Where fewer rows are left, the last one is in several lanes.
import { high, low } from '../math/accumulate'
import { exp } from '../math/exp'
import { lanes } from '../math/lanes'
import { less, logOfSum } from './softmax'

/** The numbers at four or two addresses. */
@inline
function lanesAt<T>(p0: usize, p1: usize, p2: usize, p3: usize): v128 {
  const x = v128.load_lane<T>(p1, v128.load_splat<T>(p0), 1)
  if (sizeof<T>() == 8) return x
  return v128.load_lane<T>(p3, v128.load_lane<T>(p2, x, 2), 3)
}

@inline
function put<T>(p0: usize, p1: usize, p2: usize, p3: usize, x: v128): void {
  v128.store_lane<T>(p0, x, 0)
  v128.store_lane<T>(p1, x, 1)
  if (sizeof<T>() == 4) v128.store_lane<T>(p2, x, 2), v128.store_lane<T>(p3, x, 3)
}

/** The lanes of two vectors of float64. */
@inline
function narrowed<T>(a: v128, b: v128): v128 {
  return sizeof<T>() == 8 ? a : i64x2.shuffle(f32x4.demote_f64x2_zero(a), f32x4.demote_f64x2_zero(b), 0, 2)
}

/** The largest entries of rows. */
function largests<T>(p0: usize, p1: usize, p2: usize, p3: usize, row: usize): v128 {
  const E = sizeof<T>()
  let m = lanesAt<T>(p0, p1, p2, p3)
  for (let j: usize = E; j < row; j += E) m = v128.max<T>(m, lanesAt<T>(p0 + j, p1 + j, p2 + j, p3 + j))
  return m
}

/** max x − x[label] + log Σ exp(x − max x) in float64, given the largest entry, the label's, and the sum less 1. */
@inline
function loss(top: v128, own: v128, more: v128): v128 {
  return f64x2.add(v128.andnot(f64x2.sub(top, own), f64x2.eq(top, own)), logOfSum(more))
}

/**
 * log Σ exp x minus the entry at the label. The largest entries, each of which adds 1 to Σ exp(x − max x), are counted
 * separately, so that the others keep their digits.
 */
export function crossEntropy<T>(x: usize, labels: usize, y: usize, rows: i32, n: i32): void {
  const E = sizeof<T>(), row = <usize>n * E
  for (let left = rows; left > 0; left -= lanes<T>()) {
    const second = <usize>(left > 1), third = second + <usize>(left > 2), fourth = third + <usize>(left > 3)
    const p1 = x + second * row, p2 = x + third * row, p3 = x + fourth * row
    const m = largests<T>(x, p1, p2, p3, row)
    let s0 = f64x2.splat(0), s1 = s0, more = v128.splat<T>(-1)
    for (let j: usize = 0; j < row; j += E) {
      const v = lanesAt<T>(x + j, p1 + j, p2 + j, p3 + j)
      const one = v128.and(v128.splat<T>(1), v128.eq<T>(v, m)), e = v128.sub<T>(exp<T>(less<T>(v, m)), one)
      more = v128.add<T>(more, one)
      s0 = f64x2.add(s0, low<T>(e))
      if (E == 4) s1 = f64x2.add(s1, high(e))
    }
    const own = lanesAt<T>(
      x + <usize>load<i32>(labels) * E, p1 + <usize>load<i32>(labels + 4 * second) * E,
      p2 + <usize>load<i32>(labels + 4 * third) * E, p3 + <usize>load<i32>(labels + 4 * fourth) * E,
    )
    const a = loss(low<T>(m), low<T>(own), f64x2.add(s0, low<T>(more)))
    v128.store(y, E == 4 ? narrowed<T>(a, loss(high(m), high(own), f64x2.add(s1, high(more)))) : a)
    x += lanes<T>() * row
    labels += 4 * lanes<T>()
    y += 16
  }
}

/**
 * Softmax, each row times its d; the entry at the label is minus the sum of the others, which is softmax minus 1 there.
 */
export function crossEntropyPullback<T>(x: usize, labels: usize, d: usize, y: usize, rows: i32, n: i32): void {
  const E = sizeof<T>(), row = <usize>n * E
  for (let left = rows; left > 0; left -= lanes<T>()) {
    const second = <usize>(left > 1), third = second + <usize>(left > 2), fourth = third + <usize>(left > 3)
    const r1 = second * row, r2 = third * row, r3 = fourth * row
    const m = largests<T>(x, x + r1, x + r2, x + r3, row)
    const label = lanesAt<i32>(labels, labels + 4 * second, labels + 4 * third, labels + 4 * fourth)
    const right = E == 4 ? label : i64x2.extend_low_i32x4_u(label)
    let s0 = f64x2.splat(0), s1 = s0, own = s0
    for (let j: i32 = 0; j < n; j++) {
      const p = x + <usize>j * E, q = y + <usize>j * E
      const e = exp<T>(less<T>(lanesAt<T>(p, p + r1, p + r2, p + r3), m))
      const at = E == 4 ? i32x4.eq(right, i32x4.splat(j)) : i64x2.eq(right, i64x2.splat(j))
      const other = v128.andnot(e, at)
      own = v128.or(own, v128.and(e, at))
      s0 = f64x2.add(s0, low<T>(other))
      if (E == 4) s1 = f64x2.add(s1, high(other))
      put<T>(q, q + r1, q + r2, q + r3, e)
    }
    const others = narrowed<T>(s0, s1)
    s0 = f64x2.add(s0, low<T>(own))
    if (E == 4) s1 = f64x2.add(s1, high(own))
    const sum = narrowed<T>(s0, s1), by = lanesAt<T>(d, d + E * second, d + E * third, d + E * fourth)
    for (let j: i32 = 0; j < n; j++) {
      const q = y + <usize>j * E
      const at = E == 4 ? i32x4.eq(right, i32x4.splat(j)) : i64x2.eq(right, i64x2.splat(j))
      const e = v128.bitselect(v128.neg<T>(others), lanesAt<T>(q, q + r1, q + r2, q + r3), at)
      put<T>(q, q + r1, q + r2, q + r3, v128.mul<T>(by, v128.div<T>(e, sum)))
    }
    x += lanes<T>() * row
    labels += 4 * lanes<T>()
    d += 16
    y += lanes<T>() * row
  }
}
