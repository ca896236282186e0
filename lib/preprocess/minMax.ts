import type { Layer } from '../layer/layer.ts'
import type { Shape } from '../type/tensor.ts'
import type { Sample } from './fitted.ts'
import { type Scaling, type ScalingOptions, scaling } from './scaling.ts'

/** The minimum of a column and its range, max − min; 1 for a column of equal numbers. */
const range = (column: Float64Array): readonly [least: number, distance: number] => {
  const [least, largest] = column.reduce(
    ([low, high], x) => [Math.min(low, x), Math.max(high, x)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  ) as [number, number]
  return [least, largest === least ? 1 : largest - least]
}

/**
 * (x − min) / (max − min), entry by entry: the given examples, those of the training part, are scaled to [0, 1]; others
 * may lie outside. Otherwise as `standardize`. As scikit-learn's `MinMaxScaler`.
 *
 * @example
 * import { fromNested, init, key, minMax, predict, toNested } from 'pullback'
 * const layer = minMax(fromNested([[1, 5], [3, 5]]))
 * toNested(predict(layer, init(layer, key(0)), fromNested([[2, 5], [5, 6]]))) // => [[0.5, 0], [2, 1]]
 */
export const minMax = <const S extends Shape>(
  sample: Sample<S>,
  options: ScalingOptions = {},
): Layer<S, S, Record<never, never>, Scaling> => scaling('minMax', sample, options, range)
