import { sizeOf } from '../../tensor/shape.ts'
import type { Float, Shape } from '../../type/tensor.ts'
import { type Window, windowCounts } from '../window.ts'
import { type ConvolutionKernels, depthwise } from './depthwise.ts'
import type { KernelExports } from './exports.ts'
import type { Heap } from './memory.ts'
import type { Products } from './products.ts'
import { writeWindow } from './windows.ts'

/** The bytes of windows to lay out at a time, in whole images: they are multiplied while they are in the cache. */
const blockBytes = 2 ** 17

/** The multiplications of a product that OpenBLAS still does without copying its factors: half the time of more. */
const blockProducts = 10 ** 6

interface Block {
  /** The first image and the number of images. */
  readonly image: number
  readonly count: number
}

/** Divides images into blocks, for the windows of one block at a time: `n` numbers an image, for `kernels` kernels. */
const blocks = (images: number, n: number, kernels: number, width: number): readonly Block[] => {
  const fitting = Math.floor(blockBytes / Math.max(1, n * width))
  const most = Math.max(1, Math.min(fitting, Math.floor(blockProducts / Math.max(1, n * kernels)) || fitting))
  return Array.from({ length: Math.ceil(images / most) }, (_, i) => ({
    image: i * most,
    count: Math.min(most, images - i * most),
  }))
}

/** Convolutions as products of windows and kernels, block by block and group by group. */
const byProducts = (heap: Heap, exports: KernelExports, product: Products, workspace: number): ConvolutionKernels => {
  /**
   * The parts that the kernels share: sizes, blocks, and memory for the windows of one block on the channels of one
   * group, for `part` kernels. Blocks of one size share the record of their windows.
   */
  const layOut = (images: Shape, window: Window, width: number, groups: number, part: number) => {
    const rows = sizeOf(windowCounts(images, window))
    const pitch = images[3] as number
    const channels = pitch / groups
    const size = sizeOf(window.kernel) * channels
    const all = blocks(images[0] as number, rows * size, part, width)
    const columns = heap.reserve((all[0]?.count ?? 0) * rows * size * width)
    const imageBytes = sizeOf(images.slice(1)) * width
    let [written, at] = [0, 0]
    const windowsOf = (count: number): number => {
      if (count !== written) at = writeWindow(heap, [count, ...images.slice(1, 3), channels], window, pitch)
      written = count
      return at
    }
    return { rows, size, channels, all, columns, imageBytes, windowsOf }
  }
  return {
    convolve: (x, W, b, window, groups) =>
      heap.run(() => {
        const [dtype, width, O] = [x.dtype as Float, x.buffer.BYTES_PER_ELEMENT, W.shape[0] as number]
        const [from, kernels, bias] = [heap.packed(x), heap.packed(W), heap.packed(b)]
        const part = O / groups
        const { rows, size, channels, all, columns, imageBytes, windowsOf } = layOut(
          x.shape,
          window,
          width,
          groups,
          part,
        )
        const total = (x.shape[0] as number) * rows * O
        const to = heap.reserve(total * width)
        if (total === 0) return heap.result(dtype, to, 0)
        for (const { image, count } of all) {
          const [n, at] = [count * rows, to + image * rows * O * width]
          const [places, start] = [windowsOf(count), from + image * imageBytes]
          exports.repeat(bias, at, n, O * width)
          for (let g = 0; g < groups; g++) {
            const [w, y] = [kernels + g * part * size * width, at + g * part * width]
            exports[dtype].im2col(start + g * channels * width, columns, places)
            product[dtype](1, n, part, size, columns, size, 1, w, 1, size, y, O, workspace)
          }
        }
        return heap.result(dtype, to, total)
      }),
    convolveToImages: (d, W, window, shape, groups) =>
      heap.run(() => {
        const [dtype, width, O] = [d.dtype as Float, d.buffer.BYTES_PER_ELEMENT, W.shape[0] as number]
        const [from, kernels, part] = [heap.packed(d), heap.packed(W), O / groups]
        const { rows, size, channels, all, columns, imageBytes, windowsOf } = layOut(shape, window, width, groups, part)
        const to = heap.reserve(sizeOf(shape) * width)
        if (sizeOf(shape) === 0) return heap.result(dtype, to, 0)
        for (const { image, count } of all) {
          const [at, end] = [from + image * rows * O * width, to + image * imageBytes]
          const places = windowsOf(count)
          for (let g = 0; g < groups; g++) {
            const [w, dy] = [kernels + g * part * size * width, at + g * part * width]
            product[dtype](0, count * rows, size, part, dy, O, 1, w, size, 1, columns, size, workspace)
            exports[dtype].col2im(columns, end + g * channels * width, places)
          }
        }
        return heap.result(dtype, to, sizeOf(shape))
      }),
    convolveToKernels: (d, x, window, groups) =>
      heap.run(() => {
        const [dtype, width, O] = [d.dtype as Float, d.buffer.BYTES_PER_ELEMENT, d.shape[1] as number]
        const [cotangents, from, part] = [heap.packed(d), heap.packed(x), O / groups]
        const { rows, size, channels, all, columns, imageBytes, windowsOf } = layOut(
          x.shape,
          window,
          width,
          groups,
          part,
        )
        const to = heap.reserve(O * size * width)
        if (O * size === 0) return heap.result(dtype, to, 0)
        if (all.length === 0) product[dtype](0, O, size, 0, cotangents, 1, O, columns, size, 1, to, size, workspace)
        for (const { image, count } of all) {
          const [at, start] = [cotangents + image * rows * O * width, from + image * imageBytes]
          const places = windowsOf(count)
          for (let g = 0; g < groups; g++) {
            const [dy, w] = [at + g * part * width, to + g * part * size * width]
            exports[dtype].im2col(start + g * channels * width, columns, places)
            product[dtype](image > 0 ? 1 : 0, part, size, count * rows, dy, 1, O, columns, size, 1, w, size, workspace)
          }
        }
        return heap.result(dtype, to, O * size)
      }),
  }
}

/** Convolutions: by special kernels where each channel has its own. */
export const convolutions = (
  heap: Heap,
  exports: KernelExports,
  product: Products,
  workspace: number,
): ConvolutionKernels => {
  const [many, single] = [byProducts(heap, exports, product, workspace), depthwise(heap, exports)]
  const kernelsFor = (channels: number, kernels: number, groups: number): ConvolutionKernels =>
    groups > 1 && channels === groups && kernels === groups ? single : many
  return {
    convolve: (x, W, b, window, groups) =>
      kernelsFor(x.shape[3] as number, W.shape[0] as number, groups).convolve(x, W, b, window, groups),
    convolveToImages: (d, W, window, shape, groups) =>
      kernelsFor(shape[3] as number, W.shape[0] as number, groups).convolveToImages(d, W, window, shape, groups),
    convolveToKernels: (d, x, window, groups) =>
      kernelsFor(x.shape[3] as number, d.shape[1] as number, groups).convolveToKernels(d, x, window, groups),
  }
}
