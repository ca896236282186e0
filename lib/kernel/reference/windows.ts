// Kernels of windows that slide over images [batch, height, width, channels].
import { allocate } from '../../tensor/data.ts'
import { packed } from '../../tensor/pack.ts'
import { sizeOf } from '../../tensor/shape.ts'
import type { Shape } from '../../type/tensor.ts'
import type { Kernels } from '../kernels.ts'
import { type Window, windowCounts } from '../window.ts'
import { exceeds } from './rows.ts'

/** A run of entries: where it begins in the images, in which window it is, and where it begins in that window. */
type Visit = (from: number, window: number, at: number, length: number) => void

/** Visits all entries that lie in both the images and a window, window by window; what is padding is left out. */
const eachRun = (shape: Shape, window: Window, visit: Visit): void => {
  const [batch, height, width, channels] = shape as readonly [number, number, number, number]
  const [down, right] = windowCounts(shape, window)
  const { kernel, stride, padding } = window
  for (let n = 0; n < batch * down * right; n++) {
    const image = Math.floor(n / (down * right))
    const top = (Math.floor(n / right) % down) * stride[0] - padding[0]
    const left = (n % right) * stride[1] - padding[2]
    const [first, end] = [Math.max(left, 0), Math.min(left + kernel[1], width)]
    if (first >= end) continue
    for (let row = Math.max(top, 0); row < Math.min(top + kernel[0], height); row++)
      visit(
        ((image * height + row) * width + first) * channels,
        n,
        ((row - top) * kernel[1] + first - left) * channels,
        (end - first) * channels,
      )
  }
}

export const im2col: Kernels['im2col'] = (x, window) => {
  const data = packed(x)
  const size = sizeOf(window.kernel) * (x.shape[3] as number)
  const to = allocate(x.dtype, (x.shape[0] as number) * sizeOf(windowCounts(x.shape, window)) * size)
  eachRun(x.shape, window, (from, n, at, length) => {
    for (let k = 0, p = n * size + at; k < length; k++) to[p + k] = data[from + k] as number
  })
  return to
}

export const col2im: Kernels['col2im'] = (d, window, shape) => {
  const data = packed(d)
  const size = d.shape[1] as number
  const to = allocate(d.dtype, sizeOf(shape))
  eachRun(shape, window, (from, n, at, length) => {
    for (let k = 0, p = n * size + at; k < length; k++) (to[from + k] as number) += data[p + k] as number
  })
  return to
}

export const maxPool: Kernels['maxPool'] = (x, window) => {
  const data = packed(x)
  const channels = x.shape[3] as number
  const count = (x.shape[0] as number) * sizeOf(windowCounts(x.shape, window)) * channels
  const index = allocate('int32', count).fill(-1)
  eachRun(x.shape, window, (from, n, _, length) => {
    for (let k = 0; k < length; k++) {
      const at = n * channels + (k % channels)
      const best = index[at] as number
      if (best < 0 || exceeds(data[from + k] as number, data[best] as number)) index[at] = from + k
    }
  })
  const values = allocate(x.dtype, count)
  for (let i = 0; i < count; i++) values[i] = data[index[i] as number] as number
  return [values, index]
}
