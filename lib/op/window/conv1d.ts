import { composite, type Operation } from '../../diff/primitive.ts'
import type { Float, Tensor } from '../../type/tensor.ts'
import type { ConvolutionOptions, Groups, Padding1d, Sequences, Share, Slid1d } from '../../type/window.ts'
import { convolution } from './convolution.ts'

type Conv1d = <
  B extends number,
  N extends number,
  C extends number,
  O extends number,
  K extends number,
  D extends Float,
  const S extends number = 1,
  const P extends Padding1d = 0,
  const L extends number = 1,
  const G extends number = 1,
>(
  x: Tensor<readonly [B, N, C], D>,
  W: Tensor<readonly [O, K, NoInfer<Share<C, G>>], NoInfer<D>>,
  b: Tensor<readonly [NoInfer<O>], NoInfer<D>>,
  options?: ConvolutionOptions<S, P, L, Groups<G, C, O>>,
) => Tensor<Sequences<B, Slid1d<readonly [N, C], K, S, P, L>, O>, D>

/**
 * Each kernel at each place of each sequence: y[n, i, o] = b[o] + Σ x[n, s i + t k, c] W[o, k, c] over k and c, for x
 * with its padding, stride s and dilation t. x [batch, length, in], W [out, kernel length, in] and b [out] give [batch,
 * length′, out], of length ⌊(length + 2 · padding − t (kernel − 1) − 1) / s⌋ + 1. All else is as in `conv2d`, of which
 * this is the case of height 1: stride 1, padding 0, dilation 1 and groups 1 unless given; padding 'same' gives ⌈length
 * / s⌉.
 *
 * Sizes that do not fit, groups that do not divide both in and out, and a kernel longer than the sequence and its
 * padding, are a `ShapeError`.
 *
 * @example
 * import { fromArray, fromNested, op, toArray, zeros } from 'pullback'
 * const x = fromArray([1, 2, 4, 8], [1, 4, 1])
 * const W = fromArray([-1, 1], [1, 2, 1])
 * toArray(op.conv1d(x, W, zeros([1]))) // => [1, 2, 4]
 * toArray(op.conv1d(x, W, fromNested([10]), { dilation: 2 })) // => [13, 16]
 */
export const conv1d: Operation<Conv1d> = /* @__PURE__ */ composite<Conv1d>(
  'conv1d',
  (x, W, b, options) => convolution('conv1d', x, W as Tensor, b, options as ConvolutionOptions) as never,
)
