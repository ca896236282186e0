// Functions of a row of numbers x: all begin with its largest entry m, and with Σ exp(x − m), which is finite for any finite row.
import { first, lanes, widened } from '../math/lanes'
import { exp } from '../math/exp'
import { log } from '../math/log'

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

/** exp(x − m) into e, if it is not 0, vector by vector; and their sum. */
function exponentials<T>(x: usize, n: i32, m: v128, e: usize): f64 {
  let s = f64x2.splat(0)
  for (let left = n; left > 0; left -= lanes<T>()) {
    const v = exp<T>(v128.sub<T>(v128.load(x), m))
    if (e) {
      v128.store(e, v)
      e += 16
    }
    s = widened<T>(s, first<T>(left, v, v128.splat<T>(0)))
    x += 16
  }
  return f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1)
}

@inline
function logarithm(x: f64): f64 { return f64x2.extract_lane(log<f64>(f64x2.splat(x)), 0) }

/** The last vector of a row writes into the next row, which is done after it; the last of all writes into padding. */
export function softmax<T>(x: usize, y: usize, rows: i32, n: i32): void {
  for (let i = 0; i < rows; i++) {
    const s = v128.splat<T>(<T>exponentials<T>(x, n, largest<T>(x, n), y))
    for (let j: usize = 0; j < <usize>n * sizeof<T>(); j += 16) v128.store(y + j, v128.div<T>(v128.load(y + j), s))
    x += <usize>n * sizeof<T>()
    y += <usize>n * sizeof<T>()
  }
}

export function logSoftmax<T>(x: usize, y: usize, rows: i32, n: i32): void {
  for (let i = 0; i < rows; i++) {
    const m = largest<T>(x, n)
    const s = v128.splat<T>(<T>logarithm(exponentials<T>(x, n, m, 0)))
    for (let j: usize = 0; j < <usize>n * sizeof<T>(); j += 16)
      v128.store(y + j, v128.sub<T>(v128.sub<T>(v128.load(x + j), m), s))
    x += <usize>n * sizeof<T>()
    y += <usize>n * sizeof<T>()
  }
}

export function logSumExp<T>(x: usize, y: usize, rows: i32, n: i32): void {
  for (let i = 0; i < rows; i++) {
    const m = largest<T>(x, n)
    const top = sizeof<T>() == 4 ? <f64>f32x4.extract_lane(m, 0) : f64x2.extract_lane(m, 0)
    store<T>(y, <T>(top - top == 0 ? top + logarithm(exponentials<T>(x, n, m, 0)) : top))
    x += <usize>n * sizeof<T>()
    y += sizeof<T>()
  }
}

/** log Σ exp x less the entry that the label names. */
export function crossEntropy<T>(x: usize, labels: usize, y: usize, rows: i32, n: i32): void {
  logSumExp<T>(x, y, rows, n)
  for (let i = 0; i < rows; i++) {
    store<T>(y, load<T>(y) - load<T>(x + <usize>load<i32>(labels) * sizeof<T>()))
    x += <usize>n * sizeof<T>()
    y += sizeof<T>()
    labels += 4
  }
}

/** Softmax, less 1 at the entry that the label names; each row times its d. */
export function crossEntropyPullback<T>(x: usize, labels: usize, d: usize, y: usize, rows: i32, n: i32): void {
  for (let i = 0; i < rows; i++) {
    const by = v128.load_splat<T>(d)
    const s = v128.splat<T>(<T>exponentials<T>(x, n, largest<T>(x, n), y))
    for (let j: usize = 0; j < <usize>n * sizeof<T>(); j += 16)
      v128.store(y + j, v128.mul<T>(by, v128.div<T>(v128.load(y + j), s)))
    const right = y + <usize>load<i32>(labels) * sizeof<T>()
    store<T>(right, load<T>(right) - load<T>(d))
    x += <usize>n * sizeof<T>()
    y += <usize>n * sizeof<T>()
    d += sizeof<T>()
    labels += 4
  }
}
