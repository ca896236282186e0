import type { Layer } from '../layer/layer.ts'
import { conv1d as operation } from '../op/window/conv1d.ts'
import { windowing } from '../op/window/window.ts'
import type { Fn } from '../type/port.ts'
import type { Tensor } from '../type/tensor.ts'
import type { ConvolutionOptions, Groups, Padding1d, Share, Slid1d } from '../type/window.ts'
import { convolution, convolutionOptions, type Initial } from './convolution.ts'

/** The shape of the sequences [length, channels] that a convolution returns. */
export interface Convolved1d<
  O extends number,
  K extends number,
  S extends number,
  P extends Padding1d,
  D extends number,
> extends Fn {
  readonly out: Slid1d<this['in'], K, S, P, D> extends infer Y
    ? Y extends readonly [infer N extends number]
      ? readonly [N, O]
      : Y
    : never
}

/** The parameters of a convolution of sequences: kernels [out, length, in / groups], and a bias for each. */
export type Conv1dParams<C extends number, O extends number, K extends number, G extends number = 1> = {
  readonly W: Tensor<readonly [O, K, Share<C, G>]>
  readonly b: Tensor<readonly [O]>
}

/**
 * Convolves a sequence: `op.conv1d` as a layer, from [length, in] to [length′, out] for sequences of any length. W is
 * [out, kernel length, in / groups], b is [out]. Both are drawn uniformly from ±1/√(numbers in a kernel), as in
 * PyTorch, unless other initializers are given. By default stride is 1, padding 0, dilation 1 and groups 1.
 *
 * An input with other channels, groups that do not divide both in and out, and a sequence shorter than the kernel, are
 * each a `ShapeError`, at compile time if the sizes are known there: start the chain with `input([length, channels])`.
 *
 * @example
 * import { conv1d, init, key, predict, zeros } from 'pullback'
 * const layer = conv1d(4, 8, { kernel: 3, dilation: 2, padding: 'same' })
 * predict(layer, init(layer, key(0)), zeros([5, 100, 4])).shape // => [5, 100, 8]
 */
export const conv1d = <
  const C extends number,
  const O extends number,
  const K extends number,
  const S extends number = 1,
  const P extends Padding1d = 0,
  const D extends number = 1,
  const G extends number = 1,
>(
  inputs: C,
  outputs: O,
  options: { readonly kernel: K } & ConvolutionOptions<S, P, D, Groups<G, C, O>> & Initial,
): Layer<readonly [number, C], Convolved1d<O, K, S, P, D>, Conv1dParams<C, O, K, G>> => {
  const { kernel, ...given } = convolutionOptions('conv1d', options) as {
    readonly kernel: number
  } & ConvolutionOptions &
    Initial
  windowing('conv1d', kernel, given, 1)
  return convolution(operation as never, inputs, outputs, [kernel], given) as never
}
