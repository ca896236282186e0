import { composite, type Operation } from '../../diff/primitive.ts'
import type { Float, Tensor } from '../../type/tensor.ts'
import type { Groups, Share, Spread, TransposeOptions } from '../../type/window.ts'
import { transposedConvolution } from './transposed.ts'

type ConvTranspose1d = <
  B extends number,
  N extends number,
  C extends number,
  O extends number,
  K extends number,
  D extends Float,
  const S extends number = 1,
  const P extends number = 0,
  const L extends number = 1,
  const E extends number = 0,
  const G extends number = 1,
>(
  x: Tensor<readonly [B, N, C], D>,
  W: Tensor<readonly [NoInfer<C>, K, NoInfer<Share<O, G>>], NoInfer<D>>,
  b: Tensor<readonly [O], NoInfer<D>>,
  options?: TransposeOptions<S, P, L, E, Groups<G, C, O>>,
) => Tensor<readonly [B, Spread<readonly [1, N], readonly [1, K], S, P, L, E>[1], O], D>

/**
 * The transpose of `conv1d`, of which all holds that is said of `convTranspose2d`: x [batch, length, in], W [in, kernel
 * length, out] and b [out] give [batch, length′, out], of length s (length − 1) + t (kernel − 1) + 1 − 2 · padding +
 * outputPadding.
 *
 * @example
 * import { fromNested, op, toArray, zeros } from 'pullback'
 * const x = op.reshape(fromNested([1, 2]), [1, 2, 1])
 * const W = op.reshape(fromNested([1, 10, 100]), [1, 3, 1])
 * toArray(op.convTranspose1d(x, W, zeros([1]))) // => [1, 12, 120, 200]
 */
export const convTranspose1d: Operation<ConvTranspose1d> = /* @__PURE__ */ composite<ConvTranspose1d>(
  'convTranspose1d',
  (x, W, b, options) =>
    transposedConvolution('convTranspose1d', x, W as Tensor, b, options as TransposeOptions) as never,
)
