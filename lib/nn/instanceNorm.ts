import type { Layer } from '../layer/layer.ts'
import type { Any, Same } from '../type/port.ts'
import { grouped } from './groupNorm.ts'
import type { Affine, NormalizationOptions, ScaleShift } from './normalization.ts'

/**
 * Normalizes each channel of each example by itself, over its positions: `groupNorm` with as many groups as channels.
 * Without a learned scale and shift unless `affine` is true, as in PyTorch.
 *
 * Ulyanov, Vedaldi, Lempitsky, "Instance normalization" (2016).
 *
 * @example
 * import { fromNested, init, instanceNorm, key, predict, toNested } from 'pullback'
 * const layer = instanceNorm(2, { epsilon: 0 })
 * toNested(predict(layer, init(layer, key(0)), fromNested([[[1, 10], [3, 30]]]))) // => [[[-1, -1], [1, 1]]]
 */
export const instanceNorm = <const C extends number, const A extends boolean = false>(
  channels: C,
  options: NormalizationOptions<A> = {},
): Layer<Any, Same, Affine<A, ScaleShift<readonly [C]>>> => {
  const { affine = false as A, ...given } = options
  return grouped('instanceNorm', channels, channels, { ...given, affine }) as never
}
