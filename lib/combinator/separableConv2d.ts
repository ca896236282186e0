import { checkOptions } from '../error/options.ts'
import type { Layer } from '../layer/layer.ts'
import { type Conv2dParams, type Convolved, conv2d } from '../nn/conv2d.ts'
import { windowing } from '../op/window/window.ts'
import { checkShape } from '../tensor/shape.ts'
import type { Padding, Pair, WindowOptions } from '../type/window.ts'
import { compose } from './compose.ts'
import { named } from './named.ts'

/** A kernel for each channel, and then one of a single pixel for each output. */
export type SeparableParams<C extends number, O extends number, K extends Pair> = {
  readonly depthwise: Conv2dParams<C, C, K, C>
  readonly pointwise: Conv2dParams<C, O, 1>
}

/**
 * A convolution in two steps: one kernel for each channel by itself, then a linear map of the channels of each pixel. It
 * has in · (kernel + out) weights instead of in · kernel · out. Options as for `conv2d`, for the first step.
 *
 * Chollet, "Xception" (CVPR 2017).
 *
 * @example
 * import { count, separableConv2d } from 'pullback'
 * count(separableConv2d(16, 32, { kernel: 3, padding: 'same' })) // => 704
 */
export const separableConv2d = <
  const C extends number,
  const O extends number,
  const K extends Pair,
  const S extends Pair = 1,
  const P extends Padding = 0,
  const D extends Pair = 1,
>(
  inputs: C,
  outputs: O,
  options: { readonly kernel: K } & WindowOptions<S, P, D>,
): Layer<readonly [number, number, C], Convolved<O, K, S, P, D>, SeparableParams<C, O, K>> => {
  checkOptions('separableConv2d', options, ['kernel', 'stride', 'padding', 'dilation'])
  checkShape('separableConv2d', [inputs, outputs])
  windowing('separableConv2d', options.kernel, options)
  return (compose as (...layers: readonly unknown[]) => never)(
    named('depthwise', conv2d(inputs as number, inputs as number, { ...options, groups: inputs } as never)),
    named('pointwise', conv2d(inputs as number, outputs as number, { kernel: 1 })),
  )
}
