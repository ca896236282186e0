import { sizeOf } from '../../tensor/shape.ts'
import type { Float, Shape } from '../../type/tensor.ts'
import type { Kernels } from '../kernels.ts'
import { type Window, windowCounts } from '../window.ts'
import type { Exports } from './exports.ts'
import type { Heap } from './heap.ts'
import type { Products } from './products.ts'
import { sliding } from './windows.ts'

/** Windows are laid out for as many images at a time as make about so many bytes: they are multiplied while they are in the cache. */
const blockBytes = 2 ** 17

interface Block {
  /** The first image and how many. */
  readonly image: number
  readonly count: number
}

/** Images in blocks; the windows of one at a time, `rows` for each image of `size` numbers. */
const blocks = (images: number, rows: number, size: number, width: number): readonly Block[] => {
  const most = Math.max(1, Math.floor(blockBytes / Math.max(1, rows * size * width)))
  return Array.from({ length: Math.ceil(images / most) }, (_, i) => ({
    image: i * most,
    count: Math.min(most, images - i * most),
  }))
}

type ConvolutionKernels = Pick<Kernels, 'convolve' | 'convolveToImages' | 'convolveToKernels'>

/** Convolutions as products of windows and kernels, block by block. */
export const convolutions = (
  heap: Heap,
  exports: Exports,
  product: Products,
  workspace: number,
): ConvolutionKernels => {
  /** What the kernels have in common: sizes, blocks, and a place for the windows of one. */
  const layOut = (images: Shape, window: Window, width: number) => {
    const rows = sizeOf(windowCounts(images, window))
    const size = sizeOf(window.kernel) * (images[3] as number)
    const all = blocks(images[0] as number, rows, size, width)
    const columns = heap.reserve((all[0]?.count ?? 0) * rows * size * width)
    const shapeOf = (count: number): Shape => [count, ...images.slice(1)]
    const imageBytes = sizeOf(images.slice(1)) * width
    return { rows, size, all, columns, imageBytes, slide: (count: number) => sliding(shapeOf(count), window) }
  }
  return {
    convolve: (x, W, b, window) =>
      heap.run(() => {
        const [dtype, width, O] = [x.dtype as Float, x.data.BYTES_PER_ELEMENT, W.shape[0] as number]
        const [from, kernels, bias] = [heap.packed(x), heap.packed(W), heap.packed(b)]
        const { rows, size, all, columns, imageBytes, slide } = layOut(x.shape, window, width)
        const total = (x.shape[0] as number) * rows * O
        const to = heap.reserve(total * width)
        for (const { image, count } of all) {
          const [n, at] = [count * rows, to + image * rows * O * width]
          exports[dtype].im2col(from + image * imageBytes, columns, ...slide(count))
          exports.repeat(bias, at, n, O * width)
          product[dtype](1, n, O, size, columns, size, 1, kernels, 1, size, at, O, workspace)
        }
        return heap.result(dtype, to, total)
      }),
    convolveToImages: (d, W, window, shape) =>
      heap.run(() => {
        const [dtype, width, O] = [d.dtype as Float, d.data.BYTES_PER_ELEMENT, W.shape[0] as number]
        const [from, kernels] = [heap.packed(d), heap.packed(W)]
        const { rows, size, all, columns, imageBytes, slide } = layOut(shape, window, width)
        const to = heap.reserve(sizeOf(shape) * width)
        for (const { image, count } of all) {
          const at = from + image * rows * O * width
          product[dtype](0, count * rows, size, O, at, O, 1, kernels, size, 1, columns, size, workspace)
          exports[dtype].col2im(columns, to + image * imageBytes, ...slide(count))
        }
        return heap.result(dtype, to, sizeOf(shape))
      }),
    convolveToKernels: (d, x, window) =>
      heap.run(() => {
        const [dtype, width, O] = [d.dtype as Float, d.data.BYTES_PER_ELEMENT, d.shape[1] as number]
        const [cotangents, from] = [heap.packed(d), heap.packed(x)]
        const { rows, size, all, columns, imageBytes, slide } = layOut(x.shape, window, width)
        const to = heap.reserve(O * size * width)
        if (all.length === 0) product[dtype](0, O, size, 0, cotangents, 1, O, columns, size, 1, to, size, workspace)
        for (const { image, count } of all) {
          exports[dtype].im2col(from + image * imageBytes, columns, ...slide(count))
          const at = cotangents + image * rows * O * width
          const add = image > 0 ? 1 : 0
          product[dtype](add, O, size, count * rows, at, 1, O, columns, size, 1, to, size, workspace)
        }
        return heap.result(dtype, to, O * size)
      }),
  }
}
