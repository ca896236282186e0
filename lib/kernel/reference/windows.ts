// Kernels for windows that slide over images [batch, height, width, channels].
import { allocate } from '../../tensor/data.ts'
import { packed } from '../../tensor/pack.ts'
import { sizeOf } from '../../tensor/shape.ts'
import type { Shape } from '../../type/tensor.ts'
import type { ImageKernels } from '../kernels.ts'
import { type Window, windowCounts } from '../window.ts'
import { exceeds } from './rows.ts'
import { totals } from './total.ts'

/** A pixel: the position of its channels in the images, the number of its window, and its entry in that window. */
type Visit = (from: number, window: number, entry: number) => void

/** Visits all pixels that lie in both the images and a window, window by window; padding is left out. */
const eachPixel = (shape: Shape, window: Window, visit: Visit): void => {
  const [batch, height, width, channels] = shape as readonly [number, number, number, number]
  const [down, right] = windowCounts(shape, window)
  const { kernel, stride, dilation, padding } = window
  if (shape.includes(0)) return
  for (let n = 0; n < batch * down * right; n++) {
    const image = Math.floor(n / (down * right))
    const top = (Math.floor(n / right) % down) * stride[0] - padding[0]
    const left = (n % right) * stride[1] - padding[2]
    for (let k = 0, row = top; k < kernel[0]; k++, row += dilation[0])
      for (let l = 0, column = left; l < kernel[1]; l++, column += dilation[1])
        if (row >= 0 && row < height && column >= 0 && column < width)
          visit(((image * height + row) * width + column) * channels, n, k * kernel[1] + l)
  }
}

export const im2col: ImageKernels['im2col'] = (x, window) => {
  const data = packed(x)
  const channels = x.shape[3] as number
  const size = sizeOf(window.kernel) * channels
  const to = allocate(x.dtype, (x.shape[0] as number) * sizeOf(windowCounts(x.shape, window)) * size)
  eachPixel(x.shape, window, (from, n, entry) => {
    for (let c = 0, p = n * size + entry * channels; c < channels; c++) to[p + c] = data[from + c] as number
  })
  return to
}

export const col2im: ImageKernels['col2im'] = (d, window, shape) => {
  const data = packed(d)
  const channels = shape[3] as number
  const size = d.shape[1] as number
  const { add, into } = totals(sizeOf(shape))
  eachPixel(shape, window, (from, n, entry) => {
    for (let c = 0, p = n * size + entry * channels; c < channels; c++) add(from + c, data[p + c] as number)
  })
  return into(allocate(d.dtype, sizeOf(shape)))
}

export const maxPool: ImageKernels['maxPool'] = (x, window) => {
  const data = packed(x)
  const channels = x.shape[3] as number
  const count = (x.shape[0] as number) * sizeOf(windowCounts(x.shape, window)) * channels
  const index = allocate('int32', count).fill(-1)
  eachPixel(x.shape, window, (from, n) => {
    for (let c = 0; c < channels; c++) {
      const at = n * channels + c
      const best = index[at] as number
      if (best < 0 || exceeds(data[from + c] as number, data[best] as number)) index[at] = from + c
    }
  })
  const values = allocate(x.dtype, count)
  for (let i = 0; i < count; i++) values[i] = data[index[i] as number] as number
  return [values, index]
}
