import { sizeOf } from '../../tensor/shape.ts'
import type { Float, Shape } from '../../type/tensor.ts'
import type { ImageKernelName } from '../names.ts'
import { type Window, windowCounts } from '../window.ts'
import { type ConvolutionKernels, depthwise } from './depthwise.ts'
import { jobs, type KernelExports, type Products } from './exports.ts'
import type { Heap } from './memory.ts'
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

/** True for windows of one pixel each, one after the other: they lie in the images as rows already. */
const isFlat = ({ kernel, stride, padding }: Window): boolean =>
  [...kernel, ...stride].every((n) => n === 1) && padding.every((n) => n === 0)

/** Convolutions as products of windows and kernels, block by block and group by group. */
const byProducts = (heap: Heap, exports: KernelExports<ImageKernelName>, product: Products): ConvolutionKernels => {
  /**
   * The parts that the kernels share: sizes, blocks, and memory for the windows of one block on the channels of one
   * group, for `part` kernels. Blocks of one size share the record of their windows.
   */
  const layOut = (dtype: Float, images: Shape, window: Window, width: number, groups: number, part: number) => {
    const rows = sizeOf(windowCounts(images, window))
    const pitch = images[3] as number
    const channels = pitch / groups
    const size = sizeOf(window.kernel) * channels
    const all = blocks(images[0] as number, rows * size, part, width)
    const flat = isFlat(window)
    const columns = flat ? 0 : heap.reserve((all[0]?.count ?? 0) * rows * size * width)
    let [written, places] = [0, 0]
    const windowsOf = (count: number): number => {
      if (count !== written) places = writeWindow(heap, [count, ...images.slice(1, 3), channels], window, pitch)
      written = count
      return places
    }
    const { im2col, col2im } = exports[dtype]
    return {
      rows,
      size,
      all,
      imageBytes: sizeOf(images.slice(1)) * width,
      groupBytes: channels * width,
      /** The address of the windows of some images as rows, and the numbers from one to the next. */
      windows: (at: number, count: number): readonly [address: number, row: number] => {
        if (flat) return [at, pitch]
        im2col(at, columns, windowsOf(count))
        return [columns, size]
      },
      /** Has rows written, one for each window, and adds them up to some images. */
      addUp: (at: number, count: number, write: (address: number, row: number) => void): void => {
        write(flat ? at : columns, flat ? pitch : size)
        if (!flat) col2im(columns, at, windowsOf(count))
      },
    }
  }
  return {
    convolve: (x, W, b, window, groups) =>
      heap.run(() => {
        const [dtype, width, O] = [x.dtype as Float, x.buffer.BYTES_PER_ELEMENT, W.shape[0] as number]
        const [from, kernels, bias, part] = [heap.packed(x), heap.packed(W), heap.packed(b), O / groups]
        const { rows, size, all, imageBytes, groupBytes, windows } = layOut(dtype, x.shape, window, width, groups, part)
        const total = (x.shape[0] as number) * rows * O
        const [turned, to] = [heap.reserve(W.size * width), heap.reserve(total * width)]
        if (total === 0) return heap.result(dtype, to, 0)
        // OpenBLAS is a quarter faster where no factor is transposed, and the kernels are few.
        exports[dtype].transpose(kernels, turned, O, size)
        for (const { image, count } of all) {
          const [n, at, start] = [count * rows, to + image * rows * O * width, from + image * imageBytes]
          exports.repeat(bias, at, n, O * width)
          for (let g = 0; g < groups; g++) {
            const [w, y] = [turned + g * part * width, at + g * part * width]
            const [A, row] = windows(start + g * groupBytes, count)
            product[dtype](1, n, part, size, A, row, 1, w, O, 1, y, O, jobs)
          }
        }
        return heap.result(dtype, to, total)
      }),
    convolveToImages: (d, W, window, shape, groups) =>
      heap.run(() => {
        const [dtype, width, O] = [d.dtype as Float, d.buffer.BYTES_PER_ELEMENT, W.shape[0] as number]
        const [from, kernels, part] = [heap.packed(d), heap.packed(W), O / groups]
        const { rows, size, all, imageBytes, groupBytes, addUp } = layOut(dtype, shape, window, width, groups, part)
        const to = heap.reserve(sizeOf(shape) * width)
        if (sizeOf(shape) === 0) return heap.result(dtype, to, 0)
        for (const { image, count } of all) {
          const [at, end] = [from + image * rows * O * width, to + image * imageBytes]
          for (let g = 0; g < groups; g++) {
            const [w, dy] = [kernels + g * part * size * width, at + g * part * width]
            addUp(end + g * groupBytes, count, (C, row) =>
              product[dtype](0, count * rows, size, part, dy, O, 1, w, size, 1, C, row, jobs),
            )
          }
        }
        return heap.result(dtype, to, sizeOf(shape))
      }),
    convolveToKernels: (d, x, window, groups) =>
      heap.run(() => {
        const [dtype, width, O] = [d.dtype as Float, d.buffer.BYTES_PER_ELEMENT, d.shape[1] as number]
        const [cotangents, from, part] = [heap.packed(d), heap.packed(x), O / groups]
        const { rows, size, all, imageBytes, groupBytes, windows } = layOut(dtype, x.shape, window, width, groups, part)
        const [turned, to] = [heap.reserve(O * size * width), heap.reserve(O * size * width)]
        if (O * size === 0) return heap.result(dtype, to, 0)
        if (all.length === 0) product[dtype](0, size, O, 0, from, 1, size, cotangents, O, 1, turned, O, jobs)
        for (const { image, count } of all) {
          const [at, start] = [cotangents + image * rows * O * width, from + image * imageBytes]
          for (let g = 0; g < groups; g++) {
            const [dy, w] = [at + g * part * width, turned + g * part * width]
            const [A, row] = windows(start + g * groupBytes, count)
            product[dtype](image > 0 ? 1 : 0, size, part, count * rows, A, 1, row, dy, O, 1, w, O, jobs)
          }
        }
        exports[dtype].transpose(turned, to, size, O)
        return heap.result(dtype, to, O * size)
      }),
  }
}

/** Convolutions: by special kernels where each channel has its own. */
export const convolutions = (
  heap: Heap,
  exports: KernelExports<ImageKernelName>,
  product: Products,
): ConvolutionKernels => {
  const [many, single] = [byProducts(heap, exports, product), depthwise(heap, exports)]
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
