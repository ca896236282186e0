import { type Operation, primitive } from '../../diff/primitive.ts'
import { full, ones } from '../../tensor/create.ts'
import { most } from '../../tensor/data.ts'
import { axesOf, sizeOf } from '../../tensor/shape.ts'
import type { Shape, Tensor } from '../../type/tensor.ts'
import { maskAbove } from '../activation/relu.ts'
import { abs } from '../elementwise/abs.ts'
import { add } from '../elementwise/add.ts'
import { div } from '../elementwise/div.ts'
import { minimum } from '../elementwise/maximum.ts'
import { mul } from '../elementwise/mul.ts'
import { neg } from '../elementwise/neg.ts'
import { shift } from '../elementwise/scale.ts'
import { sqrt } from '../elementwise/sqrt.ts'
import { reshape } from '../shape/reshape.ts'
import type { Reduction } from '../signature.ts'
import { max } from './max.ts'
import { keptShape, spread, sum } from './sum.ts'

type Over = (x: Tensor, axes: readonly number[]) => Tensor

/** The number k where x is not above 0, else x. */
const atZero = (x: Tensor, k: number): Tensor => {
  const above = maskAbove(ones(x.shape, x.dtype), x)
  return add(x, maskAbove(full(x.shape, k, x.dtype), shift(neg(above), 1)))
}

/** √Σ x². The entries are divided by the largest first, so no square overflows or vanishes. */
const value: Over = (x, axes) => {
  if (sizeOf(axes.map((i) => x.shape[i] as number)) === 0) return (sum as Over)(x, axes)
  const largest = atZero((max as Over)(abs(x), axes), 1)
  const by = minimum(largest, full(largest.shape, most[x.dtype], x.dtype))
  const shares = div(x, spread(by, axes, x.shape) as Tensor)
  return mul(by, sqrt((sum as Over)(mul(shares, shares), axes)))
}

/** The norm over some axes. The derivative is x over its norm, and 0 where the norm is 0. */
const normOver: Operation<Over> = /* @__PURE__ */ primitive<Over>(
  'norm',
  value,
  (y, x, axes) =>
    function normPullback(d) {
      const along = (rows: Tensor): Tensor => spread(rows, axes, x.shape) as Tensor
      return [() => mul(along(d), div(x, along(atZero(y, Number.POSITIVE_INFINITY)))), null]
    },
  ({ outer: [x, axes] }) =>
    normOver(
      x,
      axes.map((i) => i + 1),
    ),
)

/**
 * √Σ x² over some axes, which go away, or stay with size 1 if `keep` is true; over all if none is given. Entries may
 * have any size: no square overflows or vanishes. The derivative is x over the norm, and 0 where the norm is 0; that of
 * `sqrt` of a sum of squares is NaN there. The norm of nothing is 0.
 *
 * @example
 * import { fromNested, grad, item, op, type Tensor, toNested } from 'pullback'
 * item(op.norm(fromNested([3, 4]))) // => 5
 * toNested(op.norm(fromNested([[3, 4], [0, 0]]), 1)) // => [5, 0]
 * toNested(grad((x: Tensor) => op.norm(x))(fromNested([0, 0]))) // => [0, 0]
 */
export const norm = ((x: Tensor, axes?: number | readonly number[], options?: { readonly keep: true }) => {
  const over = axesOf('norm', x, axes)
  const y = normOver(x, over)
  return options?.keep ? reshape(y, keptShape(x.shape, over) as Shape) : y
}) as Reduction
