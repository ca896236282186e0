import { sizeOf } from '../../tensor/shape.ts'
import type { Float } from '../../type/tensor.ts'
import type { Kernels } from '../kernels.ts'
import { windowCounts } from '../window.ts'
import type { Exports } from './exports.ts'
import type { Heap } from './heap.ts'
import { sliding } from './windows.ts'

export type ConvolutionKernels = Pick<Kernels, 'convolve' | 'convolveToImages' | 'convolveToKernels'>

/** Convolutions with a kernel for each channel: too little of one to multiply matrices, but all channels of a pixel lie side by side. */
export const depthwise = (heap: Heap, exports: Exports): ConvolutionKernels => ({
  convolve: (x, W, b, window, channels) =>
    heap.run(() => {
      const [dtype, width, n] = [x.dtype as Float, x.data.BYTES_PER_ELEMENT, sizeOf(window.kernel)]
      const size = (x.shape[0] as number) * sizeOf(windowCounts(x.shape, window)) * channels
      const [from, kernels, bias] = [heap.packed(x), heap.packed(W), heap.packed(b)]
      const [turned, to] = [heap.reserve(W.size * width), heap.reserve(size * width)]
      exports[dtype].turn(kernels, turned, channels, n)
      exports[dtype].depthwise(from, turned, bias, to, ...sliding(x.shape, window))
      return heap.result(dtype, to, size)
    }),
  convolveToImages: (d, W, window, shape, channels) =>
    heap.run(() => {
      const [dtype, width, n] = [d.dtype as Float, d.data.BYTES_PER_ELEMENT, sizeOf(window.kernel)]
      const [from, kernels] = [heap.packed(d), heap.packed(W)]
      const [turned, to] = [heap.reserve(W.size * width), heap.reserve(sizeOf(shape) * width)]
      exports[dtype].turn(kernels, turned, channels, n)
      exports[dtype].depthwiseToImages(from, turned, to, ...sliding(shape, window))
      return heap.result(dtype, to, sizeOf(shape))
    }),
  convolveToKernels: (d, x, window, channels) =>
    heap.run(() => {
      const [dtype, width, n] = [d.dtype as Float, d.data.BYTES_PER_ELEMENT, sizeOf(window.kernel)]
      const [cotangents, from] = [heap.packed(d), heap.packed(x)]
      const [turned, to] = [heap.reserve(n * channels * width), heap.reserve(n * channels * width)]
      exports[dtype].depthwiseToKernels(cotangents, from, turned, ...sliding(x.shape, window))
      exports[dtype].turn(turned, to, n, channels)
      return heap.result(dtype, to, n * channels)
    }),
})
