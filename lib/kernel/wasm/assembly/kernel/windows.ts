// Windows that slide over images [batch, height, width, channels]. Writes go up from the first byte to the last, so a
// whole vector may be written where fewer numbers are left: the next write overwrites the excess, and the last of all
// falls into padding.
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
