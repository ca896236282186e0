import { checkOptions } from '../../error/options.ts'
import type { Layer } from '../../layer/layer.ts'
import { parameterless } from '../../layer/stateless.ts'
import { reshape } from '../../op/shape/reshape.ts'
import { avgPool2d } from '../../op/window/avgPool2d.ts'
import { maxPool2d } from '../../op/window/maxPool2d.ts'
import { pooling } from '../../op/window/pooling.ts'
import { windowing } from '../../op/window/window.ts'
import { fixed } from '../../tree/fixed.ts'
import type { Fn } from '../../type/port.ts'
import type { Shape, Tensor } from '../../type/tensor.ts'
import type { Padding1d, Slid1d, WindowOptions } from '../../type/window.ts'

/** The shape of the sequences [length, channels] that pooling returns. */
export interface Pooled1d<K extends number, S extends number, P extends Padding1d, D extends number> extends Fn {
  readonly out: Slid1d<this['in'], K, S, P, D> extends infer Y
    ? Y extends readonly [infer N extends number]
      ? readonly [N, this['in'] extends readonly [number, infer C extends number] ? C : number]
      : Y
    : never
}

type Padding = Exclude<Padding1d, 'causal'>
type Options<S extends number, P extends Padding, D extends number> = WindowOptions<S, P, D>
type Pull = (x: Tensor, size: readonly number[], options: object) => ReturnType<Parameters<typeof parameterless>[2]>

/** A pooling of sequences as one of images of height 1. */
const pooled = (
  kind: string,
  pull: Pull,
  window: number,
  given: WindowOptions & { readonly countPadding?: unknown },
) => {
  const { stride = window, padding = 0, dilation = 1, ...rest } = fixed(given)
  const windows = windowing(kind, window, { stride, padding, dilation }, 1)
  const flat = (n: unknown, least: number): unknown => (typeof n === 'number' ? [least, n] : n)
  const options = { stride: flat(stride, 1), padding: flat(padding, 0), dilation: flat(dilation, 1), ...rest }
  const inOne = (x: Tensor): Tensor => {
    const [batch, ...sizes] = x.shape as readonly [number, ...Shape]
    return reshape(x, [batch, 1, ...sizes]) as Tensor
  }
  return parameterless(kind, [-1, -1], (x) => {
    const images = inOne(x)
    windows(images.shape)
    pooling(kind, images, [1, window], options as WindowOptions)
    const [y, back] = pull(images, [1, window], options)
    const { shape } = y
    const value = reshape(y as Tensor, [shape[0] as number, ...shape.slice(2)]) as Tensor
    return [value, (d) => [() => reshape((back(reshape(d, shape) as Tensor)[0] as () => Tensor)(), x.shape) as Tensor]]
  }) as never
}

/**
 * The largest entry of each window of a sequence, channel by channel: `maxPool2d` for [length, channels].
 *
 * @example
 * import { init, key, maxPool1d, predict, zeros } from 'pullback'
 * const halve = maxPool1d(2)
 * predict(halve, init(halve, key(0)), zeros([5, 28, 3])).shape // => [5, 14, 3]
 */
export const maxPool1d = <
  const K extends number,
  const S extends number = K,
  const P extends Padding = 0,
  const D extends number = 1,
>(
  window: K,
  options: Options<S, P, D> = {},
): Layer<readonly [number, number], Pooled1d<K, S, P, D>> => {
  checkOptions('maxPool1d', options, ['stride', 'padding', 'dilation'])
  return pooled('maxPool1d', maxPool2d.pull as never, window, options)
}

/**
 * The mean of each window of a sequence, channel by channel: `avgPool2d` for [length, channels].
 *
 * @example
 * import { avgPool1d, init, key, predict, zeros } from 'pullback'
 * const halve = avgPool1d(2)
 * predict(halve, init(halve, key(0)), zeros([5, 28, 3])).shape // => [5, 14, 3]
 */
export const avgPool1d = <
  const K extends number,
  const S extends number = K,
  const P extends Padding = 0,
  const D extends number = 1,
>(
  window: K,
  options: Options<S, P, D> & { readonly countPadding?: boolean | undefined } = {},
): Layer<readonly [number, number], Pooled1d<K, S, P, D>> => {
  checkOptions('avgPool1d', options, ['stride', 'padding', 'dilation', 'countPadding'])
  return pooled('avgPool1d', avgPool2d.pull as never, window, options)
}
