import { checkOptions } from '../error/options.ts'
import type { Layer } from '../layer/layer.ts'
import { parameterless } from '../layer/stateless.ts'
import { avgPool2d as operation } from '../op/window/avgPool2d.ts'
import { windowing } from '../op/window/window.ts'
import { fixed } from '../tree/fixed.ts'
import type { Tensor } from '../type/tensor.ts'
import type { AverageOptions, Padding, Pair } from '../type/window.ts'
import type { Pooled } from './maxPool2d.ts'

/**
 * The mean of each window, channel by channel: `op.avgPool2d` as a layer, for images [height, width, channels] of any
 * size. By default the stride is the size of the window, padding is 0 and dilation is 1. Padding counts as zeros, or is
 * left out of the mean with `countPadding: false`. Sizes that leave no window are a `ShapeError`, at compile time if
 * they are known there.
 *
 * @example
 * import { avgPool2d, init, key, predict, zeros } from 'pullback'
 * const halve = avgPool2d(2)
 * predict(halve, init(halve, key(0)), zeros([5, 28, 28, 3])).shape // => [5, 14, 14, 3]
 */
export const avgPool2d = <
  const K extends Pair,
  const S extends Pair = K,
  const P extends Padding = 0,
  const D extends Pair = 1,
>(
  window: K,
  given: AverageOptions<S, P, D> = {},
): Layer<readonly [number, number, number], Pooled<K, S, P, D>> => {
  checkOptions('avgPool2d', given, ['stride', 'padding', 'dilation', 'countPadding'])
  const [size, options] = [fixed(window), fixed(given)]
  windowing('avgPool2d', size, options)
  type Images = Tensor<readonly [number, number, number, number]>
  return parameterless<readonly [number, number, number], Pooled<K, S, P, D>>('avgPool2d', [-1, -1, -1], (x) =>
    operation.pull(x as Images, size, options),
  )
}
