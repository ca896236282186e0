import { composite, fused, type Operation, primitive } from '../diff/primitive.ts'
import { ShapeError } from '../error/tensorError.ts'
import { engine } from '../kernel/engine.ts'
import { type Window, windowCounts } from '../kernel/window.ts'
import { floatDType, sameDType } from '../tensor/data.ts'
import { showShape, sizeOf } from '../tensor/shape.ts'
import { fresh, raw } from '../tensor/view.ts'
import type { Float, Shape, Tensor } from '../type/tensor.ts'
import type { Images, Padding, Pair, Slid, WindowOptions } from '../type/window.ts'
import { affine } from './affine.ts'
import { col2im, im2col } from './im2col.ts'
import { matmul } from './matmul.ts'
import { fold, reshape, unfold } from './reshape.ts'
import { sum } from './sum.ts'
import { transpose } from './transpose.ts'
import { windowing } from './window.ts'

type Conv2d = <
  B extends number,
  H extends number,
  W extends number,
  C extends number,
  O extends number,
  KH extends number,
  KW extends number,
  D extends Float,
  const S extends Pair = 1,
  const P extends Padding = 0,
>(
  x: Tensor<readonly [B, H, W, C], D>,
  W: Tensor<readonly [O, KH, KW, NoInfer<C>], NoInfer<D>>,
  b: Tensor<readonly [NoInfer<O>], NoInfer<D>>,
  options?: WindowOptions<S, P>,
) => Tensor<Images<B, Slid<readonly [H, W, C], readonly [KH, KW], S, P>, O>, D>

type ToImages = (d: Tensor, W: Tensor, window: Window, shape: Shape) => Tensor
type ToKernels = (d: Tensor, x: Tensor, window: Window) => Tensor
type Convolve = (x: Tensor, W: Tensor, b: Tensor, window: Window) => Tensor

/** The cotangent of the images as a composite of operations: its definition. */
export const toImagesComposite: ToImages = (d, W, window, shape) => col2im(matmul(d, W), window, shape)
const toImages = fused(toImagesComposite, (d, W, window, shape) =>
  fresh(shape, engine().convolveToImages(raw(d), raw(W), window, shape)),
)

/** The cotangent of the kernels as a composite of operations: its definition. */
export const toKernelsComposite: ToKernels = (d, x, window) => matmul(transpose(d), im2col(x, window))
const toKernels = fused(toKernelsComposite, (d, x, window) => {
  const size = sizeOf(window.kernel) * (x.shape[3] as number)
  return fresh([d.shape[1] as number, size], engine().convolveToKernels(raw(d), raw(x), window))
})

/** The convolution as a composite of operations: its definition. */
export const convolveComposite: Convolve = (x, W, b, window) =>
  affine(im2col(x, window) as never, W as never, b as never)

/** The windows of x, each as a row, times the kernels W [out, numbers in a window], plus b; no more than some windows at a time. */
export const convolve: Operation<Convolve> = primitive<Convolve>(
  'convolve',
  (x, W, b, window) => {
    const rows = (x.shape[0] as number) * sizeOf(windowCounts(x.shape, window))
    return fresh([rows, W.shape[0] as number], engine().convolve(raw(x), raw(W), raw(b), window))
  },
  (_, x, W, __, window) =>
    function convolvePullback(d) {
      return [() => toImages(d, W, window, x.shape), () => toKernels(d, x, window), () => sum(d, 0), null]
    },
  ({ size, args: [x, W, b, window], mapped: [, ...parameters], outer }) => {
    if (parameters.includes(true)) return convolveComposite(x, W, b, window)
    const rows = (x.shape[0] as number) * sizeOf(windowCounts(x.shape, window))
    return unfold(convolve(fold(outer[0]), W, b, window), size, rows)
  },
)

/**
 * Each kernel at each place of each image: y[n, i, j, o] = b[o] + Σ x[n, s i + k, s j + l, c] W[o, k, l, c] over k, l and c, for x
 * with its padding and stride s. (The field calls it convolution, though no kernel is flipped.) x [batch, height, width, in],
 * W [out, kernel height, kernel width, in] and b [out] give [batch, height′, width′, out], of sizes
 * ⌊(size + 2 · padding − kernel) / stride⌋ + 1. Stride 1 and padding 0 unless given; padding 'same' gives ⌈size / stride⌉, the odd
 * one of what is added at the bottom and at the right, as TensorFlow does it.
 *
 * Sizes that do not fit, and a kernel larger than the image and its padding, are a `ShapeError`.
 *
 * @example
 * import { fromNested, ones, op, toNested, zeros } from 'pullback'
 * const x = op.reshape(fromNested([[1, 2, 3], [4, 5, 6]]), [1, 2, 3, 1])
 * toNested(op.conv2d(x, ones([1, 2, 2, 1]), zeros([1]))) // => [[[[12], [16]]]]
 * op.conv2d(x, ones([1, 2, 2, 1]), zeros([1]), { padding: 'same', stride: 2 }).shape // => [1, 1, 2, 1]
 */
export const conv2d: Operation<Conv2d> = composite<Conv2d>('conv2d', (x, W, b, options = {}) => {
  floatDType('conv2d', x)
  sameDType('conv2d', x, W)
  sameDType('conv2d', x, b)
  const [out, height, width, channels] = W.shape
  if (
    x.shape.length !== 4 ||
    W.shape.length !== 4 ||
    x.shape[3] !== channels ||
    b.shape.length !== 1 ||
    b.shape[0] !== out
  )
    throw new ShapeError({
      op: 'conv2d',
      expected: 'x [batch, height, width, in], W [out, height, width, in], b [out]',
      actual: `${showShape(x.shape)}, ${showShape(W.shape)}, ${showShape(b.shape)}`,
    })
  const [window, counts] = windowing('conv2d', [height, width], options)(x.shape)
  const [y, back] = convolve.pull(x, reshape(W, [out, height * width * channels]), b, window)
  return [
    reshape(y, [x.shape[0], ...counts, out]),
    function conv2dPullback(d) {
      const [dx, dW, db] = back(reshape(d, y.shape)) as readonly [() => Tensor, () => Tensor, () => Tensor]
      return [dx, () => reshape(dW(), W.shape), db, null]
    },
  ]
})
