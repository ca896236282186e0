import { composite, type Operation } from '../../diff/primitive.ts'
import type { Float, Tensor } from '../../type/tensor.ts'
import type { Groups, Images, Pair, Share, Spread, TransposeOptions } from '../../type/window.ts'
import { transposedConvolution } from './transposed.ts'

type ConvTranspose2d = <
  B extends number,
  H extends number,
  W extends number,
  C extends number,
  O extends number,
  KH extends number,
  KW extends number,
  D extends Float,
  const S extends Pair = 1,
  const P extends Pair = 0,
  const L extends Pair = 1,
  const E extends Pair = 0,
  const G extends number = 1,
>(
  x: Tensor<readonly [B, H, W, C], D>,
  W: Tensor<readonly [NoInfer<C>, KH, KW, NoInfer<Share<O, G>>], NoInfer<D>>,
  b: Tensor<readonly [O], NoInfer<D>>,
  options?: TransposeOptions<S, P, L, E, Groups<G, C, O>>,
) => Tensor<Images<B, Spread<readonly [H, W], readonly [KH, KW], S, P, L, E>, O>, D>

/**
 * The transpose of `conv2d`: each entry of an image spreads to a window of a larger one, times the kernel, where windows
 * overlap they add up: y[n, s i + t k − p, s j + t l − p, o] += x[n, i, j, c] W[c, k, l, o], plus b[o]. x [batch, height,
 * width, in], W [in, kernel height, kernel width, out] and b [out] give [batch, height′, width′, out], of sizes
 * s (size − 1) + t (kernel − 1) + 1 − 2 · padding + outputPadding. Without b it is the pullback of the `conv2d` with the
 * same W from images of the new sizes. With groups W is [in, kernel height, kernel width, out / groups]. PyTorch's
 * `conv_transpose2d`, whose W is [in, out / groups, kernel height, kernel width].
 *
 * Sizes that do not fit, groups that do not divide both in and out, and an output padding that is not below the stride,
 * are a `ShapeError`.
 *
 * @example
 * import { fromNested, ones, op, toNested, zeros } from 'pullback'
 * const x = op.reshape(fromNested([[1, 2]]), [1, 1, 2, 1])
 * const y = op.convTranspose2d(x, ones([1, 2, 2, 1]), zeros([1]), { stride: 2 })
 * toNested(op.reshape(y, [2, 4])) // => [[1, 1, 2, 2], [1, 1, 2, 2]]
 */
export const convTranspose2d: Operation<ConvTranspose2d> = /* @__PURE__ */ composite<ConvTranspose2d>(
  'convTranspose2d',
  (x, W, b, options) =>
    transposedConvolution('convTranspose2d', x, W as Tensor, b, options as TransposeOptions) as never,
)
