// A matrix x [blocks · rows, groups · width], each group of each block minus its mean, divided by its deviation.
import { mulAdd } from '../math/lanes'
import { gather, high, inverse, low, wide } from '../math/accumulate'

/** Adds (x − c)² of two numbers to sums in memory. */
@inline
function gatherSquares(sums: usize, x: v128, c: usize): void {
  const e = f64x2.sub(x, v128.load(c))
  v128.store(sums, f64x2.add(v128.load(sums), f64x2.mul(e, e)))
}
/** The sum of a group of columns, from sums in memory. */
@inline
function grouped(sums: usize, width: i32): f64 {
  let s: f64 = 0
  for (let j = 0; j < width; j++) s += load<f64>(sums + 8 * j)
  return s
}

/** x [blocks · rows, groups · width]. `room` is for 2 (n + 4) float64 numbers, where n = groups · width. */
export function groupMoments<T>(
  x: usize, mean: usize, variance: usize, blocks: i32, rows: i32, groups: i32, width: i32, room: usize,
): void {
  const n = <usize>(groups * width), row = n * sizeof<T>()
  const means = room + 8 * (n + 4)
  const count = <f64>rows * <f64>width
  for (let block = 0; block < blocks; block++, x += row * rows) {
    memory.fill(room, 0, 16 * (n + 4))
    for (let i = 0, p = x; i < rows; i++, p += row)
      for (let j: usize = 0; j < row; j += 16) gather<T>(means + wide<T>(j), v128.load(p + j))
    for (let g = 0, at = means; g < groups; g++, at += 8 * width) {
      const m = grouped(at, width) / count
      for (let j = 0; j < width; j++) store<f64>(at + 8 * j, m)
    }
    for (let i = 0, p = x; i < rows; i++, p += row)
      for (let j: usize = 0; j < row; j += 16) {
        const v = v128.load(p + j)
        const at = wide<T>(j)
        gatherSquares(room + at, low<T>(v), means + at)
        if (sizeof<T>() == 4) gatherSquares(room + at + 16, high(v), means + at + 16)
      }
    for (let g = 0; g < groups; g++, mean += sizeof<T>(), variance += sizeof<T>()) {
      store<T>(mean, <T>load<f64>(means + 8 * g * width))
      store<T>(variance, <T>(grouped(room + 8 * g * width, width) / count))
    }
  }
}

/** y = k (x − m) + shift, column by column. `room` is for 2 (n + 4) float64 numbers. */
export function normalizeGroups<T>(
  x: usize, scale: usize, shift: usize, mean: usize, variance: usize, y: usize,
  blocks: i32, rows: i32, groups: i32, width: i32, epsilon: f64, room: usize,
): void {
  const n = <usize>(groups * width), row = n * sizeof<T>()
  const k = room, m = room + 8 * (n + 4)
  for (let block = 0; block < blocks; block++) {
    for (let g = 0, at: usize = 0; g < groups; g++, mean += sizeof<T>(), variance += sizeof<T>()) {
      const r = inverse<T>(variance, epsilon)
      for (let j = 0; j < width; j++, at += sizeof<T>()) {
        store<T>(k + at, <T>(<f64>load<T>(scale + at) * r))
        store<T>(m + at, load<T>(mean))
      }
    }
    for (let i = 0; i < rows; i++, x += row, y += row)
      for (let j: usize = 0; j < row; j += 16) {
        const e = v128.sub<T>(v128.load(x + j), v128.load(m + j))
        v128.store(y + j, mulAdd<T>(v128.load(shift + j), e, v128.load(k + j)))
      }
  }
}

/** dx = k d − a − (x − m) b, column by column. `room` is for 8 (n + 4) float64 numbers. */
export function normalizeGroupsPullback<T>(
  d: usize, x: usize, scale: usize, mean: usize, variance: usize, dx: usize, dscale: usize, dshift: usize,
  blocks: i32, rows: i32, groups: i32, width: i32, epsilon: f64, room: usize,
): void {
  const n = <usize>(groups * width), row = n * sizeof<T>(), vector = 8 * (n + 4)
  const scales = room + vector, allShifts = scales + vector, allScales = allShifts + vector
  const m = allScales + vector, k = m + vector, a = k + vector, b = a + vector
  const count = <f64>rows * <f64>width
  memory.fill(allShifts, 0, 2 * vector)
  for (let block = 0; block < blocks; block++) {
    memory.fill(room, 0, 2 * vector)
    for (let g = 0, at: usize = 0; g < groups; g++)
      for (let j = 0; j < width; j++, at += sizeof<T>()) store<T>(m + at, load<T>(mean + g * sizeof<T>()))
    for (let i = 0, p = d, q = x; i < rows; i++, p += row, q += row)
      for (let j: usize = 0; j < row; j += 16) {
        const by = v128.load(p + j)
        gather<T>(room + wide<T>(j), by)
        gather<T>(scales + wide<T>(j), v128.mul<T>(by, v128.sub<T>(v128.load(q + j), v128.load(m + j))))
      }
    for (let g = 0; g < groups; g++, mean += sizeof<T>(), variance += sizeof<T>()) {
      const r = inverse<T>(variance, epsilon)
      const from = g * width, to = from + width
      let s: f64 = 0, t: f64 = 0
      for (let j = from; j < to; j++) {
        const by = <f64>load<T>(scale + j * sizeof<T>())
        const u = load<f64>(room + 8 * j), v = load<f64>(scales + 8 * j) * r
        s += by * u
        t += by * v
        store<f64>(allShifts + 8 * j, load<f64>(allShifts + 8 * j) + u)
        store<f64>(allScales + 8 * j, load<f64>(allScales + 8 * j) + v)
        store<T>(k + j * sizeof<T>(), <T>(by * r))
      }
      for (let j = from; j < to; j++) {
        store<T>(a + j * sizeof<T>(), <T>(r * s / count))
        store<T>(b + j * sizeof<T>(), <T>(r * r * t / count))
      }
    }
    for (let i = 0; i < rows; i++, d += row, x += row, dx += row)
      for (let j: usize = 0; j < row; j += 16) {
        const e = v128.mul<T>(v128.sub<T>(v128.load(x + j), v128.load(m + j)), v128.load(b + j))
        const c = v128.sub<T>(v128.mul<T>(v128.load(d + j), v128.load(k + j)), v128.load(a + j))
        v128.store(dx + j, v128.sub<T>(c, e))
      }
  }
  for (let j: usize = 0; j < n; j++) {
    store<T>(dscale + j * sizeof<T>(), <T>load<f64>(allScales + 8 * j))
    store<T>(dshift + j * sizeof<T>(), <T>load<f64>(allShifts + 8 * j))
  }
}
