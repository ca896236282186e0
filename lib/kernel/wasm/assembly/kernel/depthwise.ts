// Convolutions of each channel of images [batch, height, width, channels] with its own kernel; the kernels are [kh, kw,
// channels].
import { lanes, mulAdd } from '../math/lanes'
import { Window } from './window'

/** The first entry inside the axis of a window that begins at `start`. */
@inline
function first(start: i32, step: i32): i32 {
  return start < 0 ? (step - 1 - start) / step : 0
}

/** The entry after the last of n entries of a window that lies inside an axis of some size. */
@inline
function last(start: i32, step: i32, n: i32, size: i32): i32 {
  return min(n, (size - start + step - 1) / step)
}

/** y = b + the products of the windows and the kernels, a number for each channel. */
export function depthwise<T>(x: usize, w: usize, b: usize, y: usize, o: Window): void {
  const height = o.height, width = o.width, channels = o.channels, kw = o.kw, dh = o.dh, dw = o.dw
  for (let n = 0; n < o.batch; n++)
    for (let i = 0; i < o.down; i++) {
      const row = i * o.sh - o.top
      const k0 = first(row, dh), k1 = last(row, dh, o.kh, height)
      for (let j = 0; j < o.right; j++) {
        const column = j * o.sw - o.left
        const l0 = first(column, dw), l1 = last(column, dw, kw, width)
        for (let c = 0; c < channels; c += lanes<T>()) {
          let s = v128.load(b + <usize>c * sizeof<T>())
          for (let k = k0; k < k1; k++) {
            let p = x + <usize>(((n * height + row + k * dh) * width + column + l0 * dw) * channels + c) * sizeof<T>()
            let q = w + <usize>((k * kw + l0) * channels + c) * sizeof<T>()
            for (let l = l0; l < l1; l++) {
              s = mulAdd<T>(s, v128.load(p), v128.load(q))
              p += <usize>(dw * channels) * sizeof<T>()
              q += <usize>channels * sizeof<T>()
            }
          }
          // Excess lanes of a vector are overwritten by the next write.
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
  for (; i + 16 <= end; i += 16) v128.store(y + i, mulAdd<T>(v128.load(y + i), v128.load(a + i), v128.load(b + i)))
  for (; i < end; i += sizeof<T>()) store<T>(y + i, load<T>(y + i) + load<T>(a + i) * load<T>(b + i))
}

/**
 * From cotangents d of the values: added to those of the images, by the kernels; or to those of the kernels, by the
 * images.
 */
@inline
function depthwisePullback<T>(toImages: bool, d: usize, x: usize, w: usize, o: Window): void {
  const height = o.height, width = o.width, channels = o.channels, kw = o.kw, dh = o.dh, dw = o.dw
  const pixel = <usize>channels * sizeof<T>()
  for (let n = 0; n < o.batch; n++)
    for (let i = 0; i < o.down; i++) {
      const row = i * o.sh - o.top
      const k0 = first(row, dh), k1 = last(row, dh, o.kh, height)
      for (let j = 0; j < o.right; j++) {
        const column = j * o.sw - o.left
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
export function depthwiseToImages<T>(d: usize, w: usize, x: usize, o: Window): void {
  memory.fill(x, 0, <usize>(o.batch * o.height * o.width * o.channels) * sizeof<T>())
  depthwisePullback<T>(true, d, x, w, o)
}

/** The cotangent w of the kernels. */
export function depthwiseToKernels<T>(d: usize, x: usize, w: usize, o: Window): void {
  memory.fill(w, 0, <usize>(o.kh * o.kw * o.channels) * sizeof<T>())
  depthwisePullback<T>(false, d, x, w, o)
}

/** Copies a matrix of rows to a matrix of columns. */
export function transpose<T>(x: usize, y: usize, rows: i32, columns: i32): void {
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) {
      store<T>(y + <usize>(j * rows + i) * sizeof<T>(), load<T>(x))
      x += sizeof<T>()
    }
}
