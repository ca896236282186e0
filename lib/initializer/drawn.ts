import { checkOptions, isFrom } from '../error/options.ts'
import { ValueError } from '../error/tensorError.ts'
import { finite } from '../op/elementwise/option.ts'
import { scale, shift } from '../op/elementwise/scale.ts'
import * as draw from '../random/draw.ts'
import { truncatedNormal as truncated } from '../random/truncatedNormal.ts'
import { describe } from '../tensor/data.ts'
import type { Float, Shape, Tensor } from '../type/tensor.ts'
import type { Initializer } from './initializer.ts'

/** The mean and the standard deviation of a normal distribution. */
export interface NormalOptions {
  readonly mean?: number | undefined
  readonly deviation?: number | undefined
}

/** Checks that a standard deviation is finite and not negative. */
export const checkDeviation = (op: string, deviation: number): void => {
  if (!isFrom(deviation, 0, Number.MAX_VALUE))
    throw new ValueError({ op, expected: 'a deviation that is not negative', actual: describe(deviation) })
}

/** mean + deviation · z. */
const moved = <S extends Shape>(z: Tensor<S, Float>, mean: number, deviation: number): Tensor<S, Float> =>
  mean === 0 ? scale(z, deviation) : shift(scale(z, deviation), mean)

/**
 * Initial values drawn uniformly from [min, max). Bounds that are not finite or not in order are a `ValueError`.
 *
 * @example
 * import { init, initializer, key, linear, toArray } from 'pullback'
 * const { W } = init(linear(9, 9, { W: initializer.uniform(-0.1, 0.1) }), key(0)).params
 * toArray(W).every((w) => Math.abs(w) <= 0.1) // => true
 */
export const uniform = (min: number, max: number): Initializer => {
  finite('uniform', 'min', min)
  finite('uniform', 'max', max)
  if (!(min <= max)) throw new ValueError({ op: 'uniform', expected: 'min ≤ max', actual: `${min}, ${max}` })
  return (key, shape, dtype) => draw.uniform(key, shape, { min, max, dtype })
}

/**
 * Initial values drawn from a normal distribution, by default with mean 0 and standard deviation 1. A negative
 * deviation is a `ValueError`.
 *
 * @example
 * import { init, initializer, key, linear, toArray } from 'pullback'
 * const { W } = init(linear(9, 9, { W: initializer.normal({ deviation: 0 }) }), key(0)).params
 * toArray(W).every((w) => w === 0) // => true
 */
export const normal = (options: NormalOptions = {}): Initializer => {
  checkOptions('normal', options, ['mean', 'deviation'])
  const { mean = 0, deviation = 1 } = options
  finite('normal', 'mean', mean)
  checkDeviation('normal', deviation)
  return (key, shape, dtype) => moved(draw.normal(key, shape, dtype), mean, deviation)
}

/**
 * Initial values drawn from a normal distribution restricted to `within` deviations of the mean, 2 by default. The
 * deviation is that before the tails are cut off; with 2, 0.88 of it is left. PyTorch's `trunc_normal_` has absolute
 * bounds, mean ± within · deviation. A negative deviation, and a `within` that is not above 0, are a `ValueError`.
 *
 * @example
 * import { init, initializer, key, linear, toArray } from 'pullback'
 * const { W } = init(linear(9, 9, { W: initializer.truncatedNormal({ deviation: 0.02 }) }), key(0)).params
 * toArray(W).every((w) => Math.abs(w) <= 0.04) // => true
 */
export const truncatedNormal = (
  options: NormalOptions & { readonly within?: number | undefined } = {},
): Initializer => {
  checkOptions('truncatedNormal', options, ['mean', 'deviation', 'within'])
  const { mean = 0, deviation = 1, within = 2 } = options
  finite('truncatedNormal', 'mean', mean)
  checkDeviation('truncatedNormal', deviation)
  if (!(typeof within === 'number' && within > 0))
    throw new ValueError({ op: 'truncatedNormal', expected: 'a within above 0', actual: describe(within) })
  return (key, shape, dtype) => moved(truncated(key, shape, { min: -within, max: within, dtype }), mean, deviation)
}
