import type { Operation } from '../../diff/primitive.ts'
import { checkOptions } from '../../error/options.ts'
import { checkInitial } from '../../initializer/checkInitial.ts'
import { fanIn } from '../../initializer/fanIn.ts'
import type { Layer, Leaf } from '../../layer/layer.ts'
import { fromPull } from '../../layer/stateless.ts'
import { checkGroups } from '../../op/window/convolution.ts'
import { convTranspose1d as operation1d } from '../../op/window/convTranspose1d.ts'
import { convTranspose2d as operation2d } from '../../op/window/convTranspose2d.ts'
import { spreading } from '../../op/window/transposed.ts'
import { checkShape, sizeOf } from '../../tensor/shape.ts'
import { fixed } from '../../tree/fixed.ts'
import type { Fn } from '../../type/port.ts'
import type { Shape, Tensor } from '../../type/tensor.ts'
import type { Both, Groups, Pair, Share, Spread, TransposeOptions } from '../../type/window.ts'
import type { Initial } from '../convolution.ts'

type Pull = (x: Tensor, W: Tensor, b: Tensor, options: TransposeOptions) => never
type Given = { readonly kernel: Pair } & TransposeOptions & Initial

/** A transposed convolution as a layer, from its operation and the sizes of its kernels. */
const transposed = (
  operation: Operation<never>,
  rank: 1 | 2,
  inputs: number,
  outputs: number,
  all: Given,
): Layer<Shape, Shape, { readonly W: Tensor; readonly b: Tensor }> => {
  const { operation: kind } = operation
  checkOptions(kind, all, ['kernel', 'stride', 'padding', 'dilation', 'outputPadding', 'groups', 'W', 'b'])
  checkInitial(kind, all, ['W', 'b'])
  const { kernel, W: drawW, b: drawB, ...options } = fixed(all)
  const { groups = 1 } = options
  checkShape(kind, [inputs, outputs])
  checkGroups(kind, groups, inputs, outputs)
  spreading(kind, rank, kernel, options)
  const sizes = rank === 1 ? [kernel as number] : typeof kernel === 'number' ? [kernel, kernel] : kernel
  const shape = [...sizes, outputs / groups]
  const draw = fanIn(sizeOf(shape))
  const W: Leaf = { shape: [inputs, ...shape], draw: drawW ?? draw }
  const b: Leaf = { shape: [outputs], draw: drawB ?? draw }
  const port = [...sizes.map(() => -1), inputs]
  const { pull } = operation as unknown as Operation<Pull>
  return fromPull(kind, port, { W, b } as never, (x, W, b) => pull(x, W as Tensor, b as Tensor, options))
}

/** The shape of the images [height, width, channels] that a transposed convolution returns. */
export interface Transposed<
  O extends number,
  K extends Pair,
  S extends Pair,
  P extends Pair,
  D extends Pair,
  E extends Pair,
> extends Fn {
  readonly out: this['in'] extends readonly [infer H extends number, infer W extends number, number]
    ? readonly [...Spread<readonly [H, W], K, S, P, D, E>, O]
    : readonly [number, number, O]
}

/** The parameters of a transposed convolution: kernels [in, height, width, out / groups], and a bias for each output. */
export type ConvTranspose2dParams<C extends number, O extends number, K extends Pair, G extends number = 1> = {
  readonly W: Tensor<readonly [C, ...Both<K>, Share<O, G>]>
  readonly b: Tensor<readonly [O]>
}

/**
 * Spreads an image to a larger one: `op.convTranspose2d` as a layer, from [height, width, in] to [height′, width′, out]
 * of sizes stride (size − 1) + dilation (kernel − 1) + 1 − 2 · padding + outputPadding. W is [in, kernel height, kernel
 * width, out / groups], b is [out]. Both are drawn uniformly from ±1/√(numbers of a kernel), as in PyTorch, unless other
 * initializers are given. By default stride is 1, padding 0, dilation 1, outputPadding 0 and groups 1.
 *
 * @example
 * import { convTranspose2d, init, key, predict, zeros } from 'pullback'
 * const double = convTranspose2d(8, 3, { kernel: 2, stride: 2 })
 * predict(double, init(double, key(0)), zeros([5, 7, 7, 8])).shape // => [5, 14, 14, 3]
 */
export const convTranspose2d = <
  const C extends number,
  const O extends number,
  const K extends Pair,
  const S extends Pair = 1,
  const P extends Pair = 0,
  const D extends Pair = 1,
  const E extends Pair = 0,
  const G extends number = 1,
>(
  inputs: C,
  outputs: O,
  options: { readonly kernel: K } & TransposeOptions<S, P, D, E, Groups<G, C, O>> & Initial,
): Layer<readonly [number, number, C], Transposed<O, K, S, P, D, E>, ConvTranspose2dParams<C, O, K, G>> =>
  transposed(operation2d as never, 2, inputs, outputs, options as Given) as never

/** The shape of the sequences [length, channels] that a transposed convolution returns. */
export interface Transposed1d<
  O extends number,
  K extends number,
  S extends number,
  P extends number,
  D extends number,
  E extends number,
> extends Fn {
  readonly out: this['in'] extends readonly [infer N extends number, number]
    ? readonly [Spread<readonly [1, N], K, S, P, D, E>[1], O]
    : readonly [number, O]
}

/** The parameters of a transposed convolution of sequences: kernels [in, length, out / groups], and a bias for each output. */
export type ConvTranspose1dParams<C extends number, O extends number, K extends number, G extends number = 1> = {
  readonly W: Tensor<readonly [C, K, Share<O, G>]>
  readonly b: Tensor<readonly [O]>
}

/**
 * Spreads a sequence to a longer one: `op.convTranspose1d` as a layer, from [length, in] to [length′, out]. All else is
 * as for `convTranspose2d`.
 *
 * @example
 * import { convTranspose1d, init, key, predict, zeros } from 'pullback'
 * const double = convTranspose1d(8, 3, { kernel: 4, stride: 2, padding: 1 })
 * predict(double, init(double, key(0)), zeros([5, 7, 8])).shape // => [5, 14, 3]
 */
export const convTranspose1d = <
  const C extends number,
  const O extends number,
  const K extends number,
  const S extends number = 1,
  const P extends number = 0,
  const D extends number = 1,
  const E extends number = 0,
  const G extends number = 1,
>(
  inputs: C,
  outputs: O,
  options: { readonly kernel: K } & TransposeOptions<S, P, D, E, Groups<G, C, O>> & Initial,
): Layer<readonly [number, C], Transposed1d<O, K, S, P, D, E>, ConvTranspose1dParams<C, O, K, G>> =>
  transposed(operation1d as never, 1, inputs, outputs, options as Given) as never
