import { checkOptions } from '../../error/options.ts'
import { onHost } from '../../kernel/slot.ts'
import { div } from '../../op/elementwise/div.ts'
import { shift } from '../../op/elementwise/scale.ts'
import { sqrt } from '../../op/elementwise/sqrt.ts'
import { broadcast, sum } from '../../op/reduce/sum.ts'
import { reshape } from '../../op/shape/reshape.ts'
import { checkPositive } from '../../tensor/range.ts'
import type { Shape, Tensor } from '../../type/tensor.ts'
import { mixed, square } from '../entrywise.ts'
import { asMatrix, matrixSizes } from '../matrix.ts'
import { realPower } from '../power.ts'
import { byNumbers, type WithReshaped } from '../slots.ts'
import type { Transformation } from '../transformation.ts'

export interface FactoredOptions {
  /** The share of the mean squares that stays at step t is 1 − 1 / t^power. */
  readonly power?: number | undefined
  /** The number added to squares. */
  readonly eps?: number | undefined
}

export const factoredOptions = ['power', 'eps'] as const

/** A matrix divided by √(rows · columnsᵀ / Σ rows), root by root, so that no product of small numbers vanishes. */
const divided = (g: Tensor, rows: Tensor, columns: Tensor, [n, m]: readonly [number, number]): Tensor => {
  const shares = div(rows, broadcast(sum(rows) as Tensor, rows.shape) as Tensor)
  const each = (x: Tensor, shape: Shape): Tensor => broadcast(reshape(sqrt(x), shape), [n, m]) as Tensor
  return asMatrix(g, [n, m], (x) => div(div(x, each(shares, [n, 1])), each(columns, [1, m])))
}

/**
 * Adafactor's scaling: divides gradients by the root of a mean of their squares, of which a matrix keeps no more than
 * the sums of its rows and of its columns. With G = g² + eps and the share b = 1 − 1 / t^power at step t:
 *
 * r ← b r + (1 − b) Σ_columns G, c ← b c + (1 − b) Σ_rows G, the update g / √(r cᵀ / Σ r).
 *
 * A tensor of more than two axes is the matrix of its first axis by all others; PyTorch's and Keras's Adafactor take
 * its last two axes. One of fewer axes keeps all its mean squares: ν ← b ν + (1 − b) G, the update g / √ν. The power is
 * 0.8 and eps 1e-30 by default. Shazeer and Stern, "Adafactor: adaptive learning rates with sublinear memory cost"
 * (2018), algorithms 4 and 5.
 *
 * @example
 * import { fromNested, scaleByFactoredRms, toNested } from 'pullback'
 * const t = scaleByFactoredRms()
 * const g = { W: fromNested([[3, -3], [3, 3]]) }
 * const [updates, state] = t.update(g, t.init(g), g)
 * toNested(updates.W).flat().map((x) => x.toFixed(3)) // => ['1.000', '-1.000', '1.000', '1.000']
 * toNested(state.rows.W) // => [18, 18]
 */
export const scaleByFactoredRms = (options: FactoredOptions = {}): Transformation<WithReshaped<'rows' | 'columns'>> => {
  checkOptions('scaleByFactoredRms', options, factoredOptions)
  const { power = 0.8, eps = 1e-30 } = options
  checkPositive('scaleByFactoredRms', { power, eps })
  const t = byNumbers(
    'scaleByFactoredRms',
    ['rows', 'columns'],
    onHost((count: number) => {
      const take = 1 / realPower(count, power)
      return { keep: 1 - take, take }
    }),
    ({ keep, take }) =>
      (g, rows, columns) => {
        const squares = shift(square(g), eps)
        const sizes = matrixSizes(g.shape)
        if (sizes === undefined) {
          const all = mixed(rows, squares, keep, take)
          return [div(g, sqrt(all)), all, columns]
        }
        const table = reshape(squares, sizes) as Tensor
        const r = mixed(rows, sum(table, 1) as Tensor, keep, take)
        const c = mixed(columns, sum(table, 0) as Tensor, keep, take)
        return [divided(g, r, c, sizes), r, c]
      },
    {
      shapes: (shape) => {
        const sizes = matrixSizes(shape)
        return sizes === undefined ? [shape, [0]] : [[sizes[0]], [sizes[1]]]
      },
    },
  )
  return t as unknown as Transformation<WithReshaped<'rows' | 'columns'>>
}
