// Windows that slide over images [batch, height, width, channels]. Writes go up from the first byte to the last, so a
// whole vector may be written where fewer numbers are left: the next write overwrites the excess, and the last of all
// falls into padding.
import { lanes } from '../math/lanes'
import { Window } from './window'

/** Copies n numbers. */
@inline
function move<T>(from: usize, to: usize, n: i32): void {
  const end = <usize>n * sizeof<T>()
  for (let i: usize = 0; i < end; i += 16) v128.store(to + i, v128.load(from + i))
}

/** Writes n zeros. */
@inline
function blank<T>(to: usize, n: i32): void {
  const end = <usize>n * sizeof<T>()
  for (let i: usize = 0; i < end; i += 16) v128.store(to + i, v128.splat<T>(0))
}

/** The first of the entries n, n + step, … that is not negative. */
@inline
function inside(n: i32, step: i32): i32 {
  return n < 0 ? n + (step - 1 - n) / step * step : n
}

/** Copies a row of a window, pixel by pixel if the pixels or their channels are not adjacent. */
function pixels<T>(x: usize, y: usize, o: Window, column: i32): void {
  for (let l = 0; l < o.kw; l++) {
    if (column >= 0 && column < o.width) move<T>(x, y, o.channels)
    else blank<T>(y, o.channels)
    x += <usize>(o.dw * o.pitch) * sizeof<T>()
    y += <usize>o.channels * sizeof<T>()
    column += o.dw
  }
}

/**
 * Each window as a row of numbers, zeros where it lies outside the image.
 */
export function im2col<T>(x: usize, y: usize, o: Window): void {
  const width = o.width, channels = o.channels, pitch = o.pitch, kw = o.kw
  const run = kw * channels
  const line = <usize>run * sizeof<T>()
  const whole = o.dw == 1 && pitch == channels
  for (let b = 0; b < o.batch; b++)
    for (let i = 0; i < o.down; i++)
      for (let j = 0; j < o.right; j++) {
        const column = j * o.sw - o.left
        const before = min(max(-column, 0), kw) * channels
        const after = min(max(column + kw - width, 0), kw) * channels
        for (let k = 0; k < o.kh; k++) {
          const row = i * o.sh - o.top + k * o.dh
          const from = x + <usize>(((b * o.height + row) * width + column) * pitch) * sizeof<T>()
          if (row < 0 || row >= o.height) blank<T>(y, run)
          else if (!whole) pixels<T>(from, y, o, column)
          else if (before + after >= run) blank<T>(y, run)
          else {
            if (before > 0) blank<T>(y, before)
            move<T>(from + <usize>before * sizeof<T>(), y + <usize>before * sizeof<T>(), run - before - after)
            if (after > 0) blank<T>(y + <usize>(run - after) * sizeof<T>(), after)
          }
          y += line
        }
      }
}

/** y += x, n numbers. */
@inline
function addTo<T>(x: usize, y: usize, n: i32): void {
  const end = <usize>n * sizeof<T>()
  let i: usize = 0
  for (; i + 16 <= end; i += 16) v128.store(y + i, v128.add<T>(v128.load(y + i), v128.load(x + i)))
  for (; i < end; i += sizeof<T>()) store<T>(y + i, load<T>(y + i) + load<T>(x + i))
}

/** Writes zeros to some of the channels of pixels. */
function clear<T>(y: usize, count: i32, channels: i32, pitch: i32): void {
  if (pitch == channels) memory.fill(y, 0, <usize>(count * channels) * sizeof<T>())
  else
    for (let p = 0; p < count; p++) memory.fill(y + <usize>(p * pitch) * sizeof<T>(), 0, <usize>channels * sizeof<T>())
}

/** The transpose of `pixels`. */
function addPixels<T>(d: usize, y: usize, o: Window, column: i32): void {
  for (let l = 0; l < o.kw; l++) {
    if (column >= 0 && column < o.width) addTo<T>(d, y, o.channels)
    d += <usize>o.channels * sizeof<T>()
    y += <usize>(o.dw * o.pitch) * sizeof<T>()
    column += o.dw
  }
}

/** The transpose of im2col: the rows d added into zeros. */
export function col2im<T>(d: usize, y: usize, o: Window): void {
  const width = o.width, channels = o.channels, pitch = o.pitch, kw = o.kw
  const run = kw * channels
  const line = <usize>run * sizeof<T>()
  const whole = o.dw == 1 && pitch == channels
  clear<T>(y, o.batch * o.height * width, channels, pitch)
  for (let b = 0; b < o.batch; b++)
    for (let i = 0; i < o.down; i++)
      for (let j = 0; j < o.right; j++) {
        const column = j * o.sw - o.left
        const before = min(max(-column, 0), kw) * channels
        const after = min(max(column + kw - width, 0), kw) * channels
        for (let k = 0; k < o.kh; k++) {
          const row = i * o.sh - o.top + k * o.dh
          const to = y + <usize>(((b * o.height + row) * width + column) * pitch) * sizeof<T>()
          if (row >= 0 && row < o.height) {
            if (!whole) addPixels<T>(d, to, o, column)
            else if (before + after < run)
              addTo<T>(d + <usize>before * sizeof<T>(), to + <usize>before * sizeof<T>(), run - before - after)
          }
          d += line
        }
      }
}

/** True in lanes where a exceeds b: it is larger, or the first NaN. */
@inline
function exceeds<T>(a: v128, b: v128): v128 {
  return v128.or(v128.gt<T>(a, b), v128.andnot(v128.ne<T>(a, a), v128.ne<T>(b, b)))
}

/** The largest number of each window, channel by channel, and its index in x. */
export function maxPool<T>(x: usize, y: usize, index: usize, o: Window): void {
  const height = o.height, width = o.width, channels = o.channels, dh = o.dh, dw = o.dw
  const row = dh * width * channels, step = dw * channels
  for (let b = 0; b < o.batch; b++)
    for (let i = 0; i < o.down; i++) {
      const firstRow = inside(i * o.sh - o.top, dh), endRow = min(i * o.sh - o.top + (o.kh - 1) * dh + 1, height)
      for (let j = 0; j < o.right; j++) {
        const firstColumn = inside(j * o.sw - o.left, dw), endColumn = min(j * o.sw - o.left + (o.kw - 1) * dw + 1, width)
        const corner = ((b * height + firstRow) * width + firstColumn) * channels
        const wide = (endColumn - firstColumn) * channels
        for (let c = 0; c < channels; c += lanes<T>()) {
          let at = corner + c
          let best = v128.load(x + <usize>at * sizeof<T>())
          let where = v128.splat<i32>(at)
          for (let r = firstRow; r < endRow; r += dh) {
            for (let p = at; p < at + wide; p += step) {
              const v = v128.load(x + <usize>p * sizeof<T>())
              const more = exceeds<T>(v, best)
              best = v128.bitselect(v, best, more)
              where = v128.bitselect(v128.splat<i32>(p), where, more)
            }
            at += row
          }
          v128.store(y, best)
          if (sizeof<T>() == 4) v128.store(index, v128.add<i32>(where, i32x4(0, 1, 2, 3)))
          else v128.store64_lane(index, v128.add<i32>(v128.shuffle<i32>(where, where, 0, 2, 0, 2), i32x4(0, 1, 0, 1)), 0)
          const n = min(lanes<T>(), channels - c)
          y += <usize>n * sizeof<T>()
          index += <usize>n * 4
        }
      }
    }
}

/** Rows d of n numbers added into zeros at the rows of an index. */
export function scatterAdd<T>(d: usize, index: usize, y: usize, count: i32, n: i32, rows: i32): void {
  memory.fill(y, 0, <usize>(rows * n) * sizeof<T>())
  for (let i = 0; i < count; i++) {
    const to = y + <usize>(load<i32>(index + (<usize>i << 2)) * n) * sizeof<T>()
    if (n == 1) store<T>(to, load<T>(to) + load<T>(d))
    else addTo<T>(d, to, n)
    d += <usize>n * sizeof<T>()
  }
}
