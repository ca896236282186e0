import { checkOptions } from '../error/options.ts'
import type { Layer } from '../layer/layer.ts'
import { parameterless } from '../layer/stateless.ts'
import { maxPool2d as operation } from '../op/window/maxPool2d.ts'
import { windowing } from '../op/window/window.ts'
import { fixed } from '../tree/fixed.ts'
import type { Fn } from '../type/port.ts'
import type { Tensor } from '../type/tensor.ts'
import type { Padding, Pair, Slid, WindowOptions } from '../type/window.ts'

/** The shape of the images [height, width, channels] that pooling returns. */
export interface Pooled<K extends Pair, S extends Pair, P extends Padding, D extends Pair = 1> extends Fn {
  readonly out: Slid<this['in'], K, S, P, D> extends infer Y
    ? Y extends readonly [infer H extends number, infer W extends number]
      ? readonly [H, W, this['in'] extends readonly [number, number, infer C extends number] ? C : number]
      : Y
    : never
}

/**
 * The largest entry of each window, channel by channel: `op.maxPool2d` as a layer, for images [height, width, channels]
 * of any size. By default the stride is the size of the window, padding is 0 and dilation is 1. Sizes that leave no
 * window are a `ShapeError`, at compile time if they are known there.
 *
 * @example
 * import { init, key, maxPool2d, predict, zeros } from 'pullback'
 * const halve = maxPool2d(2)
 * predict(halve, init(halve, key(0)), zeros([5, 28, 28, 3])).shape // => [5, 14, 14, 3]
 */
export const maxPool2d = <
  const K extends Pair,
  const S extends Pair = K,
  const P extends Padding = 0,
  const D extends Pair = 1,
>(
  window: K,
  given: WindowOptions<S, P, D> = {},
): Layer<readonly [number, number, number], Pooled<K, S, P, D>> => {
  checkOptions('maxPool2d', given, ['stride', 'padding', 'dilation'])
  const [size, options] = [fixed(window), fixed(given)]
  windowing('maxPool2d', size, options)
  type Images = Tensor<readonly [number, number, number, number]>
  return parameterless('maxPool2d', [-1, -1, -1], (x) => operation.pull(x as Images, size, options), {
    selectsMaximum: true,
  })
}
