import * as O from '#fp/Option'
import { ShapeError } from '../error/tensorError.ts'
import { cast } from '../op/cast.ts'
import { mul } from '../op/mul.ts'
import { slice } from '../op/slice.ts'
import { sub } from '../op/sub.ts'
import { broadcast, mean, sum } from '../op/sum.ts'
import { floatDType, sameDType } from '../tensor/data.ts'
import { sameShape, showShape } from '../tensor/shape.ts'
import { toArray } from '../tensor/to.ts'
import type { Tensor } from '../type/tensor.ts'

const squares = (x: Tensor): readonly number[] => toArray(sum(mul(x, x), 0))

/**
 * R², the coefficient of determination: 1 − Σ (y − z)² / Σ (y − ȳ)² for target y and output z over the batch, ȳ the mean of
 * the targets: 1 for outputs that are right, 0 for ones no better than that mean, negative for worse. Output and target
 * [batch, …outputs]; of several outputs the mean of their R². None where the targets of an output are all the same, and so for
 * fewer than two examples. Computed in float64. Different shapes are a `ShapeError`.
 *
 * @example
 * import { fromNested, r2 } from 'pullback'
 * import { some } from 'fp-ts/lib/Option.js'
 * r2(fromNested([1, 2, 4]), fromNested([1, 2, 3])) // => some(0.5)
 */
export const r2 = (output: Tensor, target: Tensor): O.Option<number> => {
  floatDType('r2', output)
  sameDType('r2, output and target', output, target)
  if (output.shape.length === 0 || !sameShape(output.shape, target.shape))
    throw new ShapeError({
      op: 'r2',
      expected: 'an output and a target of one shape [batch, …]',
      actual: `${showShape(output.shape)} and ${showShape(target.shape)}`,
    })
  if (output.size === 0) return O.none
  const [z, y] = [cast(output, 'float64'), cast(target, 'float64')]
  const repeated = (row: Tensor): Tensor => broadcast(row, y.shape)
  const first = repeated(slice(y, [[0, 1]]) as Tensor)
  const offsets = sub(y, first) // exactly 0 where all targets are the same
  const spread = squares(sub(offsets, repeated(mean(offsets, 0) as Tensor)))
  if (spread.some((s) => s === 0)) return O.none
  const each = squares(sub(y, z)).map((s, i) => 1 - s / (spread[i] as number))
  return O.some(each.reduce((a, b) => a + b, 0) / each.length)
}
