// Windows that slide over images [batch, height, width, channels]. Writes go up from the first byte to the last, so a whole vector may be
// written where fewer numbers are left: what follows is written after it, and the last of all falls into padding.
import { lanes } from './lanes'

/** n numbers from one place to another. */
@inline
function move<T>(from: usize, to: usize, n: i32): void {
  const end = <usize>n * sizeof<T>()
  for (let i: usize = 0; i < end; i += 16) v128.store(to + i, v128.load(from + i))
}

/** n zeros. */
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

/** A row of a window, pixel by pixel where there are others between them, or other channels. */
function pixels<T>(x: usize, y: usize, channels: i32, pitch: i32, kw: i32, dw: i32, column: i32, width: i32): void {
  for (let l = 0; l < kw; l++) {
    if (column >= 0 && column < width) move<T>(x, y, channels)
    else blank<T>(y, channels)
    x += <usize>(dw * pitch) * sizeof<T>()
    y += <usize>channels * sizeof<T>()
    column += dw
  }
}

/**
 * Each window as a row of numbers, zeros where it lies outside the image. The channels may be some of a larger number, from x on: `pitch` is
 * how many a pixel has.
 */
function im2col<T>(
  x: usize, y: usize, batch: i32, height: i32, width: i32, channels: i32, down: i32, right: i32, kh: i32, kw: i32,
  sh: i32, sw: i32, dh: i32, dw: i32, top: i32, left: i32, pitch: i32,
): void {
  const run = kw * channels
  const line = <usize>run * sizeof<T>()
  const whole = dw == 1 && pitch == channels
  for (let b = 0; b < batch; b++)
    for (let i = 0; i < down; i++)
      for (let j = 0; j < right; j++) {
        const column = j * sw - left
        const before = min(max(-column, 0), kw) * channels
        const after = min(max(column + kw - width, 0), kw) * channels
        for (let k = 0; k < kh; k++) {
          const row = i * sh - top + k * dh
          const from = x + <usize>(((b * height + row) * width + column) * pitch) * sizeof<T>()
          if (row < 0 || row >= height) blank<T>(y, run)
          else if (!whole) pixels<T>(from, y, channels, pitch, kw, dw, column, width)
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

/** Zeros in some of the channels of pixels. */
function clear<T>(y: usize, count: i32, channels: i32, pitch: i32): void {
  if (pitch == channels) memory.fill(y, 0, <usize>(count * channels) * sizeof<T>())
  else
    for (let p = 0; p < count; p++) memory.fill(y + <usize>(p * pitch) * sizeof<T>(), 0, <usize>channels * sizeof<T>())
}

/** The transpose of `pixels`. */
function addPixels<T>(d: usize, y: usize, channels: i32, pitch: i32, kw: i32, dw: i32, column: i32, width: i32): void {
  for (let l = 0; l < kw; l++) {
    if (column >= 0 && column < width) addTo<T>(d, y, channels)
    d += <usize>channels * sizeof<T>()
    y += <usize>(dw * pitch) * sizeof<T>()
    column += dw
  }
}

/** The transpose of im2col: the rows d added into zeros. */
function col2im<T>(
  d: usize, y: usize, batch: i32, height: i32, width: i32, channels: i32, down: i32, right: i32, kh: i32, kw: i32,
  sh: i32, sw: i32, dh: i32, dw: i32, top: i32, left: i32, pitch: i32,
): void {
  const run = kw * channels
  const line = <usize>run * sizeof<T>()
  const whole = dw == 1 && pitch == channels
  clear<T>(y, batch * height * width, channels, pitch)
  for (let b = 0; b < batch; b++)
    for (let i = 0; i < down; i++)
      for (let j = 0; j < right; j++) {
        const column = j * sw - left
        const before = min(max(-column, 0), kw) * channels
        const after = min(max(column + kw - width, 0), kw) * channels
        for (let k = 0; k < kh; k++) {
          const row = i * sh - top + k * dh
          const to = y + <usize>(((b * height + row) * width + column) * pitch) * sizeof<T>()
          if (row >= 0 && row < height) {
            if (!whole) addPixels<T>(d, to, channels, pitch, kw, dw, column, width)
            else if (before + after < run)
              addTo<T>(d + <usize>before * sizeof<T>(), to + <usize>before * sizeof<T>(), run - before - after)
          }
          d += line
        }
      }
}

/** Lanes where a exceeds b: it is larger, or the first NaN. */
@inline
function exceeds<T>(a: v128, b: v128): v128 {
  return v128.or(v128.gt<T>(a, b), v128.andnot(v128.ne<T>(a, a), v128.ne<T>(b, b)))
}

/** The largest number of each window, channel by channel, and where it lies in x. */
function maxPool<T>(
  x: usize, y: usize, index: usize, batch: i32, height: i32, width: i32, channels: i32, down: i32, right: i32, kh: i32,
  kw: i32, sh: i32, sw: i32, dh: i32, dw: i32, top: i32, left: i32,
): void {
  const row = dh * width * channels, step = dw * channels
  for (let b = 0; b < batch; b++)
    for (let i = 0; i < down; i++) {
      const firstRow = inside(i * sh - top, dh), endRow = min(i * sh - top + (kh - 1) * dh + 1, height)
      for (let j = 0; j < right; j++) {
        const firstColumn = inside(j * sw - left, dw), endColumn = min(j * sw - left + (kw - 1) * dw + 1, width)
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

/** Rows d of n numbers added into zeros at the places that an index names. */
function scatterAdd<T>(d: usize, index: usize, y: usize, count: i32, n: i32, rows: i32): void {
  memory.fill(y, 0, <usize>(rows * n) * sizeof<T>())
  for (let i = 0; i < count; i++) {
    const to = y + <usize>(load<i32>(index + (<usize>i << 2)) * n) * sizeof<T>()
    if (n == 1) store<T>(to, load<T>(to) + load<T>(d))
    else addTo<T>(d, to, n)
    d += <usize>n * sizeof<T>()
  }
}

export function im2col_f32(
  x: usize, y: usize, batch: i32, height: i32, width: i32, channels: i32, down: i32, right: i32, kh: i32, kw: i32,
  sh: i32, sw: i32, dh: i32, dw: i32, top: i32, left: i32, pitch: i32,
): void {
  im2col<f32>(x, y, batch, height, width, channels, down, right, kh, kw, sh, sw, dh, dw, top, left, pitch)
}
export function im2col_f64(
  x: usize, y: usize, batch: i32, height: i32, width: i32, channels: i32, down: i32, right: i32, kh: i32, kw: i32,
  sh: i32, sw: i32, dh: i32, dw: i32, top: i32, left: i32, pitch: i32,
): void {
  im2col<f64>(x, y, batch, height, width, channels, down, right, kh, kw, sh, sw, dh, dw, top, left, pitch)
}
export function col2im_f32(
  d: usize, y: usize, batch: i32, height: i32, width: i32, channels: i32, down: i32, right: i32, kh: i32, kw: i32,
  sh: i32, sw: i32, dh: i32, dw: i32, top: i32, left: i32, pitch: i32,
): void {
  col2im<f32>(d, y, batch, height, width, channels, down, right, kh, kw, sh, sw, dh, dw, top, left, pitch)
}
export function col2im_f64(
  d: usize, y: usize, batch: i32, height: i32, width: i32, channels: i32, down: i32, right: i32, kh: i32, kw: i32,
  sh: i32, sw: i32, dh: i32, dw: i32, top: i32, left: i32, pitch: i32,
): void {
  col2im<f64>(d, y, batch, height, width, channels, down, right, kh, kw, sh, sw, dh, dw, top, left, pitch)
}
export function maxPool_f32(
  x: usize, y: usize, index: usize, batch: i32, height: i32, width: i32, channels: i32, down: i32, right: i32, kh: i32,
  kw: i32, sh: i32, sw: i32, dh: i32, dw: i32, top: i32, left: i32,
): void {
  maxPool<f32>(x, y, index, batch, height, width, channels, down, right, kh, kw, sh, sw, dh, dw, top, left)
}
export function maxPool_f64(
  x: usize, y: usize, index: usize, batch: i32, height: i32, width: i32, channels: i32, down: i32, right: i32, kh: i32,
  kw: i32, sh: i32, sw: i32, dh: i32, dw: i32, top: i32, left: i32,
): void {
  maxPool<f64>(x, y, index, batch, height, width, channels, down, right, kh, kw, sh, sw, dh, dw, top, left)
}
export function scatterAdd_f32(d: usize, index: usize, y: usize, count: i32, n: i32, rows: i32): void {
  scatterAdd<f32>(d, index, y, count, n, rows)
}
export function scatterAdd_f64(d: usize, index: usize, y: usize, count: i32, n: i32, rows: i32): void {
  scatterAdd<f64>(d, index, y, count, n, rows)
}
