import type { Layer } from '../layer/layer.ts'
import { conv2d as operation } from '../op/window/conv2d.ts'
import { windowing } from '../op/window/window.ts'
import type { Fn } from '../type/port.ts'
import type { Tensor } from '../type/tensor.ts'
import type { Both, ConvolutionOptions, Groups, Padding, Pair, Share, Slid } from '../type/window.ts'
import { convolution, convolutionOptions, type Initial } from './convolution.ts'

/** The shape of the images [height, width, channels] that a convolution returns. */
export interface Convolved<O extends number, K extends Pair, S extends Pair, P extends Padding, D extends Pair = 1>
  extends Fn {
  readonly out: Slid<this['in'], K, S, P, D> extends infer Y
    ? Y extends readonly [infer H extends number, infer W extends number]
      ? readonly [H, W, O]
      : Y
    : never
}

/** The parameters of a convolution: kernels [out, height, width, in / groups], and a bias for each. */
export type Conv2dParams<C extends number, O extends number, K extends Pair, G extends number = 1> = {
  readonly W: Tensor<readonly [O, ...Both<K>, Share<C, G>]>
  readonly b: Tensor<readonly [O]>
}

/**
 * Convolves an image: `op.conv2d` as a layer, from [height, width, in] to [height′, width′, out] for images of any
 * size. W is [out, kernel height, kernel width, in / groups], b is [out]. Both are drawn uniformly from ±1/√(numbers in
 * a kernel), as in PyTorch, unless other initializers are given. By default stride is 1, padding 0, dilation 1 and
 * groups 1.
 *
 * An input with other channels, groups that do not divide both in and out, and an image smaller than the kernel, are
 * each a `ShapeError`, at compile time if the sizes are known there: start the chain with
 * `input([height, width, channels])`.
 *
 * @example
 * import { compose, conv2d, count, flatten, input, linear, maxPool2d, named, relu, summary } from 'pullback'
 * const net = compose(
 *   input([28, 28, 1]),
 *   named('C', conv2d(1, 8, { kernel: 3, padding: 'same' })),
 *   relu,
 *   maxPool2d(2),
 *   flatten,
 *   named('L', linear(1568, 10)),
 * )
 * summary(net).split('\n')[3] // => 'C      conv2d     [28, 28, 8]          80'
 * count(conv2d(32, 32, { kernel: 3, groups: 32 })) // => 320
 */
export const conv2d = <
  const C extends number,
  const O extends number,
  const K extends Pair,
  const S extends Pair = 1,
  const P extends Padding = 0,
  const D extends Pair = 1,
  const G extends number = 1,
>(
  inputs: C,
  outputs: O,
  options: { readonly kernel: K } & ConvolutionOptions<S, P, D, Groups<G, C, O>> & Initial,
): Layer<readonly [number, number, C], Convolved<O, K, S, P, D>, Conv2dParams<C, O, K, G>> => {
  const { kernel, ...given } = convolutionOptions('conv2d', options) as { readonly kernel: Pair } & ConvolutionOptions &
    Initial
  windowing('conv2d', kernel, given)
  const sizes = typeof kernel === 'number' ? [kernel, kernel] : kernel
  return convolution(operation as never, inputs, outputs, sizes as readonly number[], given) as never
}
