import { composite, type Operation } from '../../diff/primitive.ts'
import type { Float, Tensor } from '../../type/tensor.ts'
import type { ConvolutionOptions, Groups, Images, Padding, Pair, Share, Slid } from '../../type/window.ts'
import { convolution } from './convolution.ts'

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
  const L extends Pair = 1,
  const G extends number = 1,
>(
  x: Tensor<readonly [B, H, W, C], D>,
  W: Tensor<readonly [O, KH, KW, NoInfer<Share<C, G>>], NoInfer<D>>,
  b: Tensor<readonly [NoInfer<O>], NoInfer<D>>,
  options?: ConvolutionOptions<S, P, L, Groups<G, C, O>>,
) => Tensor<Images<B, Slid<readonly [H, W, C], readonly [KH, KW], S, P, L>, O>, D>

/**
 * Each kernel at each place of each image: y[n, i, j, o] = b[o] + Σ x[n, s i + t k, s j + t l, c] W[o, k, l, c] over k,
 * l and c, for x with its padding, stride s and dilation t. (The field calls it convolution, though no kernel is
 * flipped.) x [batch, height, width, in], W [out, kernel height, kernel width, in] and b [out] give [batch, height′,
 * width′, out], of sizes ⌊(size + 2 · padding − t (kernel − 1) − 1) / s⌋ + 1. Stride 1, padding 0 and dilation 1 unless
 * given; padding 'same' gives ⌈size / s⌉, the odd one of what is added at the bottom and at the right, as TensorFlow
 * does it.
 *
 * With groups, channels and kernels fall into as many equal parts, and the kernels of each see the channels of theirs
 * alone: W is [out, kernel height, kernel width, in / groups]. As many groups as channels make it depthwise.
 *
 * Sizes that do not fit, groups that do not divide both in and out, and a kernel larger than the image and its padding,
 * are a `ShapeError`.
 *
 * @example
 * import { fromNested, ones, op, toNested, zeros } from 'pullback'
 * const x = op.reshape(fromNested([[1, 2, 3], [4, 5, 6]]), [1, 2, 3, 1])
 * toNested(op.conv2d(x, ones([1, 2, 2, 1]), zeros([1]))) // => [[[[12], [16]]]]
 * toNested(op.conv2d(x, ones([1, 2, 2, 1]), zeros([1]), { dilation: [1, 2] })) // => [[[[14]]]]
 * op.conv2d(x, ones([1, 2, 2, 1]), zeros([1]), { padding: 'same', stride: 2 }).shape // => [1, 1, 2, 1]
 * op.conv2d(zeros([1, 4, 4, 6]), zeros([6, 3, 3, 1]), zeros([6]), { groups: 6 }).shape // => [1, 2, 2, 6]
 */
export const conv2d: Operation<Conv2d> = /* @__PURE__ */ composite<Conv2d>(
  'conv2d',
  (x, W, b, options) => convolution('conv2d', x, W as Tensor, b, options as ConvolutionOptions) as never,
)
