import { sizeOf } from '../../tensor/shape.ts'
import type { Float, Shape } from '../../type/tensor.ts'
import type { ImageKernels } from '../kernels.ts'
import type { ImageKernelName } from '../names.ts'
import { type Window, windowCounts } from '../window.ts'
import type { KernelExports } from './exports.ts'
import type { Heap } from './memory.ts'

/**
 * Writes the record of assembly/kernel/window.ts into memory: the windows of images whose pixels have `pitch` channels.
 */
export const writeWindow = (heap: Heap, shape: Shape, window: Window, pitch = shape[3] as number): number => {
  const { kernel, stride, dilation, padding } = window
  const [top, , left] = padding
  return heap.write([...shape, ...windowCounts(shape, window), ...kernel, ...stride, ...dilation, top, left, pitch])
}

const countOf = (shape: Shape, window: Window): number => (shape[0] as number) * sizeOf(windowCounts(shape, window))

type Windows = Pick<ImageKernels, 'im2col' | 'col2im' | 'maxPool'>

export const windows = (heap: Heap, exports: KernelExports<ImageKernelName>): Windows => ({
  im2col: (x, window) =>
    heap.run(() => {
      const size = countOf(x.shape, window) * sizeOf(window.kernel) * (x.shape[3] as number)
      const from = heap.packed(x)
      const to = heap.reserve(size * x.buffer.BYTES_PER_ELEMENT)
      if (size > 0) exports[x.dtype as Float].im2col(from, to, writeWindow(heap, x.shape, window))
      return heap.result(x.dtype, to, size)
    }),
  col2im: (d, window, shape) =>
    heap.run(() => {
      const from = heap.packed(d)
      const size = sizeOf(shape)
      const to = heap.reserve(size * d.buffer.BYTES_PER_ELEMENT)
      if (size > 0) exports[d.dtype as Float].col2im(from, to, writeWindow(heap, shape, window))
      return heap.result(d.dtype, to, size)
    }),
  maxPool: (x, window) =>
    heap.run(() => {
      const size = countOf(x.shape, window) * (x.shape[3] as number)
      const from = heap.packed(x)
      const to = heap.reserve(size * x.buffer.BYTES_PER_ELEMENT)
      const index = heap.reserve(size * 4)
      if (size > 0) exports[x.dtype as Float].maxPool(from, to, index, writeWindow(heap, x.shape, window))
      return [heap.result(x.dtype, to, size), heap.result('int32', index, size)] as const
    }),
})
