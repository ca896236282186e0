// Functions of a row of numbers x: all start with its largest entry m, and with Σ exp(x − m), which is finite for any
// finite row.
import { exp } from '../math/exp'
import { first, lanes, widened } from '../math/lanes'
import { log, log1p } from '../math/log'

/** The largest entry of a row; NaN if one is. */
function largest<T>(x: usize, n: i32): v128 {
  const lowest = v128.splat<T>(<T>-Infinity)
  let m = lowest
  for (let left = n; left > 0; left -= lanes<T>()) {
    m = v128.max<T>(m, first<T>(left, v128.load(x), lowest))
    x += 16
  }
  m = v128.max<T>(m, i64x2.shuffle(m, m, 1, 0))
  return sizeof<T>() == 4 ? v128.max<T>(m, v128.shuffle<i32>(m, m, 1, 0, 3, 2)) : m
}

/** x − m, and 0 for x = +∞, when m is +∞ too. (A row of −∞ gives NaN.) */
@inline
export function less<T>(x: v128, m: v128): v128 {
  return v128.andnot(v128.sub<T>(x, m), v128.eq<T>(x, v128.splat<T>(<T>Infinity)))
}

/** The sum of the numbers of a vector of float64. */
@inline
function both(s: v128): f64 { return f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1) }

/** exp(x − m) into e, vector by vector. */
@inline
function exponentials<T>(x: usize, n: i32, m: v128, e: usize): void {
  for (let j: usize = 0; j < <usize>n * sizeof<T>(); j += 16) v128.store(e + j, exp<T>(less<T>(v128.load(x + j), m)))
}

/** The sum of a row. */
function total<T>(x: usize, n: i32): f64 {
  let s = f64x2.splat(0)
  for (let left = n; left > 0; left -= lanes<T>()) {
    s = widened<T>(s, first<T>(left, v128.load(x), v128.splat<T>(0)))
    x += 16
  }
  return both(s)
}

/** log(1 + more) in float64. */
export function logOfSum(more: v128): v128 {
  const small = f64x2.lt(more, f64x2.splat(1))
  let y = more
  if (v128.any_true(small)) y = log1p<f64>(more)
  if (!v128.all_true<i64>(small)) y = v128.bitselect(y, log<f64>(f64x2.add(f64x2.splat(1), more)), small)
  return y
}

/**
 * log Σ exp(x − m). The largest entries, each of which adds 1, are counted separately, so that the others keep their
 * digits.
 */
function logTotal<T>(x: usize, n: i32, m: v128): f64 {
  const lowest = v128.splat<T>(<T>-Infinity)
  let s = f64x2.splat(0), count = v128.splat<T>(0)
  for (let left = n; left > 0; left -= lanes<T>()) {
    const v = first<T>(left, v128.load(x), lowest)
    const one = v128.and(v128.splat<T>(1), v128.eq<T>(v, m))
    s = widened<T>(s, v128.sub<T>(exp<T>(less<T>(v, m)), one))
    count = v128.add<T>(count, one)
    x += 16
  }
  const more = both(s) + (both(widened<T>(f64x2.splat(0), count)) - 1)
  return f64x2.extract_lane(logOfSum(f64x2.splat(more)), 0)
}

@inline
function lane<T>(m: v128): f64 { return sizeof<T>() == 4 ? <f64>f32x4.extract_lane(m, 0) : f64x2.extract_lane(m, 0) }

/**
 * The last vector of a row writes into the next row, which is written after it; the last of all writes into padding.
 */
export function softmax<T>(x: usize, y: usize, rows: i32, n: i32): void {
  for (let i = 0; i < rows; i++) {
    exponentials<T>(x, n, largest<T>(x, n), y)
    const s = v128.splat<T>(<T>total<T>(y, n))
    for (let j: usize = 0; j < <usize>n * sizeof<T>(); j += 16) v128.store(y + j, v128.div<T>(v128.load(y + j), s))
    x += <usize>n * sizeof<T>()
    y += <usize>n * sizeof<T>()
  }
}

/**
 * y (d − Σ d y) for the softmax y of rows and its cotangent d, after the d of the largest y is subtracted from each, so
 * that the result keeps its digits where one y is 1 to rounding. Writes beyond a row as softmax does.
 */
export function softmaxPullback<T>(d: usize, y: usize, to: usize, rows: i32, n: i32): void {
  const bytes = <usize>n * sizeof<T>()
  for (let i = 0; i < rows; i++) {
    const most = <T>lane<T>(largest<T>(y, n))
    let p: usize = 0
    while (p + sizeof<T>() < bytes && load<T>(y + p) != most) p += sizeof<T>()
    const lead = v128.splat<T>(load<T>(d + p))
    let s = f64x2.splat(0)
    let left = n
    for (let j: usize = 0; j < bytes; j += 16) {
      const term = v128.mul<T>(v128.load(y + j), v128.sub<T>(v128.load(d + j), lead))
      s = widened<T>(s, first<T>(left, term, v128.splat<T>(0)))
      left -= lanes<T>()
    }
    const mean = v128.splat<T>(<T>both(s))
    for (let j: usize = 0; j < bytes; j += 16)
      v128.store(to + j, v128.mul<T>(v128.load(y + j), v128.sub<T>(v128.sub<T>(v128.load(d + j), lead), mean)))
    d += bytes
    y += bytes
    to += bytes
  }
}

export function logSoftmax<T>(x: usize, y: usize, rows: i32, n: i32): void {
  for (let i = 0; i < rows; i++) {
    const m = largest<T>(x, n)
    const s = v128.splat<T>(<T>logTotal<T>(x, n, m))
    for (let j: usize = 0; j < <usize>n * sizeof<T>(); j += 16)
      v128.store(y + j, v128.sub<T>(less<T>(v128.load(x + j), m), s))
    x += <usize>n * sizeof<T>()
    y += <usize>n * sizeof<T>()
  }
}

export function logSumExp<T>(x: usize, y: usize, rows: i32, n: i32): void {
  for (let i = 0; i < rows; i++) {
    const m = largest<T>(x, n)
    const top = lane<T>(m)
    store<T>(y, <T>(top - top == 0 ? top + logTotal<T>(x, n, m) : top))
    x += <usize>n * sizeof<T>()
    y += sizeof<T>()
  }
}
