import { untraced } from '../diff/untraced.ts'
import { ValueError, within } from '../error/tensorError.ts'
import { type Layer, none } from '../layer/layer.ts'
import { checkPort } from '../layer/port.ts'
import { stateless } from '../layer/stateless.ts'
import { cast } from '../op/elementwise/cast.ts'
import { oneHot } from '../op/indexing/oneHot.ts'
import { concat } from '../op/shape/concat.ts'
import { slice } from '../op/shape/slice.ts'
import { describe } from '../tensor/data.ts'
import { vjp } from '../transform/vjp.ts'
import type { Tensor } from '../type/tensor.ts'

/**
 * A layer that encodes rows of a table, [columns], as features: a column of numbers (0 in `categories`) is kept; a
 * column of categories 0, 1, … (their number in `categories`) becomes that many columns of zeros with a one at the
 * category. The gradient of a category is 0. Compose it in front of a network, so that the encoding is saved and loaded
 * with it.
 *
 * A value that names no category is an error that names the column.
 *
 * @example
 * import { fromNested, init, key, oneHotColumns, predict, toNested } from 'pullback'
 * const layer = oneHotColumns([0, 3])
 * const rows = fromNested([[1.5, 2], [0.5, 0]])
 * toNested(predict(layer, init(layer, key(0)), rows)) // => [[1.5, 0, 0, 1], [0.5, 1, 0, 0]]
 */
export const oneHotColumns = (categories: readonly number[]): Layer<readonly [number], readonly [number]> => {
  if (!Array.isArray(categories) || categories.length === 0 || !categories.every((k) => Number.isInteger(k) && k >= 0))
    throw new ValueError({
      op: 'oneHotColumns',
      expected: 'for each column its number of categories, 0 for numbers',
      actual: Array.isArray(categories) ? `[${categories.join(', ')}]` : describe(categories),
    })
  const counts = [...categories]
  const port = [counts.length] as const
  const encoded = (x: Tensor): Tensor =>
    concat(
      counts.map((count, i) => {
        if (count === 0) return slice(x, [null, [i, i + 1]]) as Tensor
        const column = untraced(slice(x, [null, i]) as Tensor)
        return within(`column ${i}`, () => oneHot(cast(column, 'int32'), count, x.dtype)) as Tensor
      }),
      1,
    ) as Tensor
  return stateless<readonly [number], readonly [number]>('oneHotColumns', port, none, (_, x) => {
    checkPort('oneHotColumns', port, x)
    const [value, back] = vjp(encoded)(x)
    return [value, (dy) => ({ params: () => none, input: () => back(dy) })]
  })
}
