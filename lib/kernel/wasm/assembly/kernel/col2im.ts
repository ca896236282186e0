// The transpose of im2col: rows of windows added up to images [batch, height, width, channels].
import { Window } from './window'

/** y += x, n numbers. */
@inline
export function addTo<T>(x: usize, y: usize, n: i32): void {
  const end = x + <usize>n * sizeof<T>()
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

/** Sums one vector, or four, over rows and columns of windows; `down` and `right` are the bytes from one to the next. */
@inline
function gather<T>(four: bool, d: usize, rows: i32, columns: i32, down: usize, right: usize, y: usize): void {
  let s0 = v128.splat<T>(0), s1 = s0, s2 = s0, s3 = s0
  for (let i = 0; i < rows; i++, d += down)
    for (let j = 0, p = d; j < columns; j++, p += right) {
      s0 = v128.add<T>(s0, v128.load(p))
      if (four) {
        s1 = v128.add<T>(s1, v128.load(p, 16))
        s2 = v128.add<T>(s2, v128.load(p, 32))
        s3 = v128.add<T>(s3, v128.load(p, 48))
      }
    }
  v128.store(y, s0)
  if (four) {
    v128.store(y, s1, 16)
    v128.store(y, s2, 32)
    v128.store(y, s3, 48)
  }
}

/** The first window that holds an entry of an axis, and the one after the last, if windows are not dilated. */
@inline
function firstWindow(at: i32, kernel: i32, stride: i32): i32 { return max(at - kernel + stride, 0) / stride }
@inline
function endWindow(at: i32, stride: i32, count: i32): i32 { return min(at / stride + 1, count) }

/** The transpose of im2col, pixel by pixel: whole vectors of channels, in windows that are not dilated. */
function col2imByPixels<T>(d: usize, y: usize, o: Window): void {
  const down = o.down, right = o.right, kw = o.kw, sh = o.sh, sw = o.sw, size = o.kh * kw
  const pixel = <usize>o.channels * sizeof<T>()
  const nextDown = <usize>(right * size - sh * kw) * pixel, nextRight = <usize>(size - sw) * pixel
  for (let b = 0; b < o.batch; b++)
    for (let r = o.top, bottom = r + o.height; r < bottom; r++) {
      const i = firstWindow(r, o.kh, sh), rows = endWindow(r, sh, down) - i
      for (let c = o.left, edge = c + o.width; c < edge; c++) {
        const j = firstWindow(c, kw, sw), columns = endWindow(c, sw, right) - j
        let p = d + <usize>(((b * down + i) * right + j) * size + (r - i * sh) * kw + c - j * sw) * pixel
        const end = y + pixel
        for (; y + 64 <= end; y += 64, p += 64) gather<T>(true, p, rows, columns, nextDown, nextRight, y)
        for (; y < end; y += 16, p += 16) gather<T>(false, p, rows, columns, nextDown, nextRight, y)
      }
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
  if (whole && dh == 1 && (pixel & 15) == 0) return col2imByPixels<T>(d, y, o)
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
