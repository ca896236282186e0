import { sizeOf } from '../../tensor/shape.ts'
import type { Float } from '../../type/tensor.ts'
import type { ImageKernels } from '../kernels.ts'
import type { ImageKernelName } from '../names.ts'
import { windowCounts } from '../window.ts'
import type { KernelExports } from './exports.ts'
import type { Heap } from './memory.ts'
import { writeWindow } from './windows.ts'

export type ConvolutionKernels = Pick<ImageKernels, 'convolve' | 'convolveToImages' | 'convolveToKernels'>

/**
 * Convolutions with one kernel per channel: too small for matrix products, but all channels of a pixel lie side by
 * side.
 */
export const depthwise = (heap: Heap, exports: KernelExports<ImageKernelName>): ConvolutionKernels => ({
  convolve: (x, W, b, window, channels) =>
    heap.run(() => {
      const [dtype, width, n] = [x.dtype as Float, x.buffer.BYTES_PER_ELEMENT, sizeOf(window.kernel)]
      const size = (x.shape[0] as number) * sizeOf(windowCounts(x.shape, window)) * channels
      const [from, kernels, bias] = [heap.packed(x), heap.packed(W), heap.packed(b)]
      const [transposed, to] = [heap.reserve(W.size * width), heap.reserve(size * width)]
      exports[dtype].transpose(kernels, transposed, channels, n)
      exports[dtype].depthwise(from, transposed, bias, to, writeWindow(heap, x.shape, window))
      return heap.result(dtype, to, size)
    }),
  convolveToImages: (d, W, window, shape, channels) =>
    heap.run(() => {
      const [dtype, width, n] = [d.dtype as Float, d.buffer.BYTES_PER_ELEMENT, sizeOf(window.kernel)]
      const [from, kernels] = [heap.packed(d), heap.packed(W)]
      const [transposed, to] = [heap.reserve(W.size * width), heap.reserve(sizeOf(shape) * width)]
      exports[dtype].transpose(kernels, transposed, channels, n)
      exports[dtype].depthwiseToImages(from, transposed, to, writeWindow(heap, shape, window))
      return heap.result(dtype, to, sizeOf(shape))
    }),
  convolveToKernels: (d, x, window, channels) =>
    heap.run(() => {
      const [dtype, width, n] = [d.dtype as Float, d.buffer.BYTES_PER_ELEMENT, sizeOf(window.kernel)]
      const [cotangents, from] = [heap.packed(d), heap.packed(x)]
      const [transposed, to] = [heap.reserve(n * channels * width), heap.reserve(n * channels * width)]
      exports[dtype].depthwiseToKernels(cotangents, from, transposed, writeWindow(heap, x.shape, window))
      exports[dtype].transpose(transposed, to, n, channels)
      return heap.result(dtype, to, n * channels)
    }),
})
