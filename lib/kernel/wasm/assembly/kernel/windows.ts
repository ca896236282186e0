// Windows that slide over images [batch, height, width, channels]. Writes go up from the first byte to the last, so a
// whole vector may be written where fewer numbers are left: the next write overwrites the excess, and the last of all
// falls into padding.
import { lanes } from '../math/lanes'
import { Window } from './window'

/** Copies n numbers. */
@inline
function move<T>(from: usize, to: usize, n: i32): void {
  const end = from + <usize>n * sizeof<T>()
  for (; from + 64 <= end; from += 64, to += 64) {
    v128.store(to, v128.load(from))
    v128.store(to, v128.load(from, 16), 16)
    v128.store(to, v128.load(from, 32), 32)
    v128.store(to, v128.load(from, 48), 48)
  }
  for (; from < end; from += 16, to += 16) v128.store(to, v128.load(from))
}

/** Writes n zeros. */
@inline
function blank<T>(to: usize, n: i32): void {
  const end = <usize>n * sizeof<T>()
  for (let i: usize = 0; i < end; i += 16) v128.store(to + i, v128.splat<T>(0))
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
 * Copies the rows of a window that lies within its image; `step` and `line` are the bytes from one row to the next.
 * Rows of a vector, as images of one channel have them, take no loop of their own, and three of them none at all.
 */
@inline
function insideRows<T>(x: usize, y: usize, kh: i32, run: i32, step: usize, line: usize): void {
  if (line > 16) for (let k = 0; k < kh; k++, x += step, y += line) move<T>(x, y, run)
  else if (kh != 3) for (let k = 0; k < kh; k++, x += step, y += line) v128.store(y, v128.load(x))
  else {
    v128.store(y, v128.load(x))
    v128.store(y + line, v128.load(x + step))
    v128.store(y + 2 * line, v128.load(x + 2 * step))
  }
}

/** Each window as a row of numbers, zeros where it lies outside the image. */
export function im2col<T>(x: usize, y: usize, o: Window): void {
  const height = o.height, width = o.width, channels = o.channels, pitch = o.pitch, kh = o.kh, kw = o.kw
  const down = o.down, right = o.right, sh = o.sh, sw = o.sw, dh = o.dh, left = o.left
  const run = kw * channels
  const line = <usize>run * sizeof<T>()
  const whole = o.dw == 1 && pitch == channels
  const pixel = <usize>pitch * sizeof<T>(), step = <usize>(dh * width) * pixel
  for (let b = 0, images = o.batch; b < images; b++)
    for (let i = 0; i < down; i++) {
      const top = i * sh - o.top
      const tall = whole && top >= 0 && top + (kh - 1) * dh < height
      let from = x + <usize>((b * height + top) * width - left) * pixel
      for (let j = 0, column = -left; j < right; j++, column += sw, from += <usize>sw * pixel) {
        if (tall && column >= 0 && column + kw <= width) {
          insideRows<T>(from, y, kh, run, step, line)
          y += line * kh
          continue
        }
        const before = min(max(-column, 0), kw) * channels
        const after = min(max(column + kw - width, 0), kw) * channels
        for (let k = 0, row = top, p = from; k < kh; k++, row += dh, p += step, y += line) {
          if (row < 0 || row >= height) blank<T>(y, run)
          else if (!whole) pixels<T>(p, y, o, column)
          else if (before + after >= run) blank<T>(y, run)
          else {
            if (before > 0) blank<T>(y, before)
            move<T>(p + <usize>before * sizeof<T>(), y + <usize>before * sizeof<T>(), run - before - after)
            if (after > 0) blank<T>(y + <usize>(run - after) * sizeof<T>(), after)
          }
        }
      }
    }
}

/** y += x, n numbers. */
@inline
function addTo<T>(x: usize, y: usize, n: i32): void {
  const end = x + <usize>n * sizeof<T>()
  for (; x + 64 <= end; x += 64, y += 64) {
    v128.store(y, v128.add<T>(v128.load(y), v128.load(x)))
    v128.store(y, v128.add<T>(v128.load(y, 16), v128.load(x, 16)), 16)
    v128.store(y, v128.add<T>(v128.load(y, 32), v128.load(x, 32)), 32)
    v128.store(y, v128.add<T>(v128.load(y, 48), v128.load(x, 48)), 48)
  }
  for (; x + 16 <= end; x += 16, y += 16) v128.store(y, v128.add<T>(v128.load(y), v128.load(x)))
  for (; x < end; x += sizeof<T>(), y += sizeof<T>()) store<T>(y, load<T>(y) + load<T>(x))
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
  const height = o.height, width = o.width, channels = o.channels, pitch = o.pitch, kh = o.kh, kw = o.kw
  const down = o.down, right = o.right, sh = o.sh, sw = o.sw, dh = o.dh, left = o.left
  const run = kw * channels
  const line = <usize>run * sizeof<T>()
  const whole = o.dw == 1 && pitch == channels
  const pixel = <usize>pitch * sizeof<T>(), step = <usize>(dh * width) * pixel
  clear<T>(y, o.batch * height * width, channels, pitch)
  for (let b = 0, images = o.batch; b < images; b++)
    for (let i = 0; i < down; i++) {
      const top = i * sh - o.top
      let to = y + <usize>((b * height + top) * width - left) * pixel
      for (let j = 0, column = -left; j < right; j++, column += sw, to += <usize>sw * pixel) {
        const before = min(max(-column, 0), kw) * channels
        const after = min(max(column + kw - width, 0), kw) * channels
        let p = to
        for (let k = 0, row = top; k < kh; k++, row += dh, p += step, d += line) {
          if (row < 0 || row >= height) continue
          if (!whole) addPixels<T>(d, p, o, column)
          else if (before + after < run)
            addTo<T>(d + <usize>before * sizeof<T>(), p + <usize>before * sizeof<T>(), run - before - after)
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
