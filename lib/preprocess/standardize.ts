import type { Layer } from '../layer/layer.ts'
import type { Shape } from '../type/tensor.ts'
import type { Sample } from './fitted.ts'
import { type Scaling, type ScalingOptions, scaling } from './scaling.ts'

/** The mean of a column and its standard deviation, in two passes; a deviation of 1 for a column of equal numbers. */
const moments = (column: Float64Array): readonly [mean: number, deviation: number] => {
  const first = column[0] as number
  if (column.every((x) => x === first)) return [first, 1]
  const mean = column.reduce((sum, x) => sum + x, 0) / column.length
  const variance = column.reduce((sum, x) => sum + (x - mean) ** 2, 0) / column.length
  return [mean, Math.sqrt(variance)]
}

/**
 * (x − mean) / deviation, entry by entry, with the mean and the standard deviation (divided by n) of the given
 * examples: those of the training part. A layer to compose in front of a network: its numbers are state, which training
 * does not change and which is saved and loaded with the network. With `each: 'channel'` there is one pair of numbers
 * per channel instead. A column whose numbers are all equal gives 0 and is not divided by 0. Given the sizes of an
 * example instead of examples, the layer is the identity until its state is loaded.
 *
 * Examples that are not [batch, …] in float32 or float64 are a `ShapeError`; an empty sample, NaN and infinity a
 * `ValueError`. As scikit-learn's `StandardScaler`.
 *
 * @example
 * import { fromNested, init, key, predict, standardize, toNested } from 'pullback'
 * const layer = standardize(fromNested([[1, 5], [3, 5]]))
 * toNested(predict(layer, init(layer, key(0)), fromNested([[1, 5], [5, 6]]))) // => [[-1, 0], [3, 1]]
 */
export const standardize = <const S extends Shape>(
  sample: Sample<S>,
  options: ScalingOptions = {},
): Layer<S, S, Record<never, never>, Scaling> => scaling('standardize', sample, options, moments)
