import { fused, type Operation, primitive } from '../../diff/primitive.ts'
import { engine } from '../../kernel/current.ts'
import { images } from '../../kernel/wasm/set/images.ts'
import { type Window, windowCounts } from '../../kernel/window.ts'
import { sizeOf } from '../../tensor/shape.ts'
import { fresh, raw } from '../../tensor/view.ts'
import type { Shape, Tensor } from '../../type/tensor.ts'
import { add } from '../elementwise/add.ts'
import { matmul } from '../linear/matmul.ts'
import { spread, sum } from '../reduce/sum.ts'
import { fold, reshape, unfold } from '../shape/reshape.ts'
import { swapLast, transpose } from '../shape/transpose.ts'
import { col2im, im2col } from './im2col.ts'

type Convolve = (x: Tensor, W: Tensor, b: Tensor, window: Window, groups: number) => Tensor
type ToImages = (d: Tensor, W: Tensor, window: Window, shape: Shape, groups: number) => Tensor
type ToKernels = (d: Tensor, x: Tensor, window: Window, groups: number) => Tensor

/** The number of windows on all images. */
const countOf = (shape: Shape, window: Window): number => (shape[0] as number) * sizeOf(windowCounts(shape, window))

/** Columns [rows, groups · n] as the matrices of the groups [groups, rows, n]. */
const parted = (y: Tensor, groups: number): Tensor => {
  const [rows, n] = y.shape as readonly [number, number]
  return transpose(reshape(y, [rows, groups, n / groups]), [1, 0, 2]) as Tensor
}

/** Rows [groups · n, m] as the matrices of the groups [groups, n, m]. */
const stacked = (W: Tensor, groups: number): Tensor => {
  const [rows, n] = W.shape as readonly [number, number]
  return reshape(W, [groups, rows / groups, n])
}

/** The windows of images on the channels of each group: [groups, windows, numbers in a window]. */
const windowsOf = (x: Tensor, window: Window, groups: number): Tensor => {
  const [n, height, width, channels] = x.shape as readonly [number, number, number, number]
  const part = channels / groups
  const images = transpose(reshape(x, [n, height, width, groups, part]), [3, 0, 1, 2, 4])
  const rows = im2col(reshape(images, [groups * n, height, width, part]) as Tensor, window)
  return stacked(rows, groups)
}

/** The convolution as a composite of operations, which defines it. */
export const convolveComposite: Convolve = (x, W, b, window, groups) => {
  const shape = [countOf(x.shape, window), W.shape[0] as number]
  const y = matmul(windowsOf(x, window, groups), swapLast(stacked(W, groups))) as Tensor
  return add(reshape(transpose(y, [1, 0, 2]), shape), spread(b, [0], shape) as Tensor)
}

/** The cotangent of the images as a composite of operations, which defines it. */
export const toImagesComposite: ToImages = (d, W, window, shape, groups) => {
  const [n, height, width, channels] = shape as readonly [number, number, number, number]
  const part = channels / groups
  const rows = matmul(parted(d, groups), stacked(W, groups)) as Tensor
  const images = col2im(fold(rows), window, [groups * n, height, width, part])
  return reshape(transpose(reshape(images, [groups, n, height, width, part]), [1, 2, 3, 0, 4]), shape)
}
/** The cotangent of the images, which is the transpose of the convolution. */
export const toImages = /* @__PURE__ */ fused(toImagesComposite, (d, W, window, shape, groups) =>
  fresh(shape, engine().with(images).convolveToImages(raw(d), raw(W), window, shape, groups)),
)

/** The cotangent of the kernels as a composite of operations, which defines it. */
export const toKernelsComposite: ToKernels = (d, x, window, groups) =>
  fold(matmul(swapLast(parted(d, groups)), windowsOf(x, window, groups)) as Tensor)
/** The cotangent of the kernels. */
export const toKernels = /* @__PURE__ */ fused(toKernelsComposite, (d, x, window, groups) => {
  const size = (sizeOf(window.kernel) * (x.shape[3] as number)) / groups
  return fresh([d.shape[1] as number, size], engine().with(images).convolveToKernels(raw(d), raw(x), window, groups))
})

/**
 * The windows of x, each as a row, times the kernels W [out, numbers in a window], plus b. Only some windows are in
 * memory at a time. Channels and kernels are split into groups: the kernels of a group see only the channels of that
 * group.
 */
export const convolve: Operation<Convolve> = /* @__PURE__ */ primitive<Convolve>(
  'convolve',
  (x, W, b, window, groups) =>
    fresh(
      [countOf(x.shape, window), W.shape[0] as number],
      engine().with(images).convolve(raw(x), raw(W), raw(b), window, groups),
    ),
  (_, x, W, __, window, groups) =>
    function convolvePullback(d) {
      return [
        () => toImages(d, W, window, x.shape, groups),
        () => toKernels(d, x, window, groups),
        () => sum(d, 0),
        null,
        null,
      ]
    },
  ({ size, args: [x, W, b, window, groups], mapped: [, ...parameters], outer }) =>
    parameters.includes(true)
      ? convolveComposite(x, W, b, window, groups)
      : unfold(convolve(fold(outer[0]), W, b, window, groups), size, countOf(x.shape, window)),
)
