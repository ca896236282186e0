// Convolutions of each channel of images [batch, height, width, channels] by a kernel of its own; kernels lie as [kh, kw, channels].
import { lanes, ma } from './lanes'

/** The first entry of a window along an axis that is not before it, for a window that begins at `start`. */
@inline
function first(start: i32, step: i32): i32 {
  return start < 0 ? (step - 1 - start) / step : 0
}

/** The one after the last of n entries of a window that lies in an axis of some size. */
@inline
function last(start: i32, step: i32, n: i32, size: i32): i32 {
  return min(n, (size - start + step - 1) / step)
}

/** y = b + the products of what windows see and the kernels, a number for each channel. */
function depthwise<T>(
  x: usize, w: usize, b: usize, y: usize, batch: i32, height: i32, width: i32, channels: i32, down: i32, right: i32, kh: i32,
  kw: i32, sh: i32, sw: i32, dh: i32, dw: i32, top: i32, left: i32,
): void {
  for (let n = 0; n < batch; n++)
    for (let i = 0; i < down; i++) {
      const row = i * sh - top
      const k0 = first(row, dh), k1 = last(row, dh, kh, height)
      for (let j = 0; j < right; j++) {
        const column = j * sw - left
        const l0 = first(column, dw), l1 = last(column, dw, kw, width)
        for (let c = 0; c < channels; c += lanes<T>()) {
          let s = v128.load(b + <usize>c * sizeof<T>())
          for (let k = k0; k < k1; k++) {
            let p = x + <usize>(((n * height + row + k * dh) * width + column + l0 * dw) * channels + c) * sizeof<T>()
            let q = w + <usize>((k * kw + l0) * channels + c) * sizeof<T>()
            for (let l = l0; l < l1; l++) {
              s = ma<T>(s, v128.load(p), v128.load(q))
              p += <usize>(dw * channels) * sizeof<T>()
              q += <usize>channels * sizeof<T>()
            }
          }
          // What a vector has too many is written over by what follows.
          v128.store(y, s)
          y += <usize>min(lanes<T>(), channels - c) * sizeof<T>()
        }
      }
    }
}

/** y += a · b, n numbers. */
@inline
function addProducts<T>(a: usize, b: usize, y: usize, n: i32): void {
  const end = <usize>n * sizeof<T>()
  let i: usize = 0
  for (; i + 16 <= end; i += 16) v128.store(y + i, ma<T>(v128.load(y + i), v128.load(a + i), v128.load(b + i)))
  for (; i < end; i += sizeof<T>()) store<T>(y + i, load<T>(y + i) + load<T>(a + i) * load<T>(b + i))
}

/** From cotangents d of the values: added to those of the images, from the kernels; or to those of the kernels, from the images. */
@inline
function depthwisePullback<T>(
  toImages: bool, d: usize, x: usize, w: usize, batch: i32, height: i32, width: i32, channels: i32, down: i32, right: i32,
  kh: i32, kw: i32, sh: i32, sw: i32, dh: i32, dw: i32, top: i32, left: i32,
): void {
  const pixel = <usize>channels * sizeof<T>()
  for (let n = 0; n < batch; n++)
    for (let i = 0; i < down; i++) {
      const row = i * sh - top
      const k0 = first(row, dh), k1 = last(row, dh, kh, height)
      for (let j = 0; j < right; j++) {
        const column = j * sw - left
        const l0 = first(column, dw), l1 = last(column, dw, kw, width)
        for (let k = k0; k < k1; k++)
          for (let l = l0; l < l1; l++) {
            const p = x + <usize>((n * height + row + k * dh) * width + column + l * dw) * pixel
            const q = w + <usize>(k * kw + l) * pixel
            if (toImages) addProducts<T>(d, q, p, channels)
            else addProducts<T>(d, p, q, channels)
          }
        d += pixel
      }
    }
}

/** The cotangent x of the images. */
function depthwiseToImages<T>(
  d: usize, w: usize, x: usize, batch: i32, height: i32, width: i32, channels: i32, down: i32, right: i32, kh: i32, kw: i32,
  sh: i32, sw: i32, dh: i32, dw: i32, top: i32, left: i32,
): void {
  memory.fill(x, 0, <usize>(batch * height * width * channels) * sizeof<T>())
  depthwisePullback<T>(true, d, x, w, batch, height, width, channels, down, right, kh, kw, sh, sw, dh, dw, top, left)
}

/** The cotangent w of the kernels. */
function depthwiseToKernels<T>(
  d: usize, x: usize, w: usize, batch: i32, height: i32, width: i32, channels: i32, down: i32, right: i32, kh: i32, kw: i32,
  sh: i32, sw: i32, dh: i32, dw: i32, top: i32, left: i32,
): void {
  memory.fill(w, 0, <usize>(kh * kw * channels) * sizeof<T>())
  depthwisePullback<T>(false, d, x, w, batch, height, width, channels, down, right, kh, kw, sh, sw, dh, dw, top, left)
}

/** A matrix of rows as one of columns. */
function turn<T>(x: usize, y: usize, rows: i32, columns: i32): void {
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) {
      store<T>(y + <usize>(j * rows + i) * sizeof<T>(), load<T>(x))
      x += sizeof<T>()
    }
}

export function depthwise_f32(
  x: usize, w: usize, b: usize, y: usize, batch: i32, height: i32, width: i32, channels: i32, down: i32, right: i32, kh: i32,
  kw: i32, sh: i32, sw: i32, dh: i32, dw: i32, top: i32, left: i32,
): void {
  depthwise<f32>(x, w, b, y, batch, height, width, channels, down, right, kh, kw, sh, sw, dh, dw, top, left)
}
export function depthwise_f64(
  x: usize, w: usize, b: usize, y: usize, batch: i32, height: i32, width: i32, channels: i32, down: i32, right: i32, kh: i32,
  kw: i32, sh: i32, sw: i32, dh: i32, dw: i32, top: i32, left: i32,
): void {
  depthwise<f64>(x, w, b, y, batch, height, width, channels, down, right, kh, kw, sh, sw, dh, dw, top, left)
}
export function depthwiseToImages_f32(
  d: usize, w: usize, x: usize, batch: i32, height: i32, width: i32, channels: i32, down: i32, right: i32, kh: i32,
  kw: i32, sh: i32, sw: i32, dh: i32, dw: i32, top: i32, left: i32,
): void {
  depthwiseToImages<f32>(d, w, x, batch, height, width, channels, down, right, kh, kw, sh, sw, dh, dw, top, left)
}
export function depthwiseToImages_f64(
  d: usize, w: usize, x: usize, batch: i32, height: i32, width: i32, channels: i32, down: i32, right: i32, kh: i32,
  kw: i32, sh: i32, sw: i32, dh: i32, dw: i32, top: i32, left: i32,
): void {
  depthwiseToImages<f64>(d, w, x, batch, height, width, channels, down, right, kh, kw, sh, sw, dh, dw, top, left)
}
export function depthwiseToKernels_f32(
  d: usize, x: usize, w: usize, batch: i32, height: i32, width: i32, channels: i32, down: i32, right: i32, kh: i32,
  kw: i32, sh: i32, sw: i32, dh: i32, dw: i32, top: i32, left: i32,
): void {
  depthwiseToKernels<f32>(d, x, w, batch, height, width, channels, down, right, kh, kw, sh, sw, dh, dw, top, left)
}
export function depthwiseToKernels_f64(
  d: usize, x: usize, w: usize, batch: i32, height: i32, width: i32, channels: i32, down: i32, right: i32, kh: i32,
  kw: i32, sh: i32, sw: i32, dh: i32, dw: i32, top: i32, left: i32,
): void {
  depthwiseToKernels<f64>(d, x, w, batch, height, width, channels, down, right, kh, kw, sh, sw, dh, dw, top, left)
}
export function turn_f32(x: usize, y: usize, rows: i32, columns: i32): void {
  turn<f32>(x, y, rows, columns)
}
export function turn_f64(x: usize, y: usize, rows: i32, columns: i32): void {
  turn<f64>(x, y, rows, columns)
}
