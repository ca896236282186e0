import { composite, type Operation } from '../diff/primitive.ts'
import { ShapeError } from '../error/tensorError.ts'
import { floatDType, sameDType } from '../tensor/data.ts'
import { showShape } from '../tensor/shape.ts'
import type { Float, Tensor } from '../type/tensor.ts'
import type { Images, Padding, Pair, Slid, WindowOptions } from '../type/window.ts'
import { affine } from './affine.ts'
import { im2col } from './im2col.ts'
import { reshape } from './reshape.ts'
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

type Rows = Tensor<readonly [number, number]>

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
  const [rows, toImages] = im2col.pull(x, window)
  const [y, back] = affine.pull(rows as Rows, reshape(W, [out, height * width * channels]), b)
  return [
    reshape(y, [x.shape[0], ...counts, out]),
    function conv2dPullback(d) {
      const [dRows, dW, db] = back(reshape(d, y.shape)) as readonly [() => Tensor, () => Tensor, () => Tensor]
      return [() => (toImages(dRows())[0] as () => Tensor)(), () => reshape(dW(), W.shape), db, null]
    },
  ]
})
