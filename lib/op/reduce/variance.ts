import { checkOptions } from '../../error/options.ts'
import { ValueError } from '../../error/tensorError.ts'
import { axesOf, showShape, sizeOf } from '../../tensor/shape.ts'
import type { Axis, Kept, Reduced } from '../../type/shape.ts'
import type { Float, Shape, Tensor } from '../../type/tensor.ts'
import { finite } from '../elementwise/option.ts'
import { square } from '../elementwise/power.ts'
import { scale } from '../elementwise/scale.ts'
import { sub } from '../elementwise/sub.ts'
import { norm } from './norm.ts'
import { broadcast, mean, sum } from './sum.ts'

/** How a spread of numbers is counted. */
export interface SpreadOptions {
  /** True if the axes stay with size 1. */
  readonly keep?: boolean | undefined
  /** What is taken off the number of entries: 0 (the default) for the biased spread, 1 for the unbiased one. */
  readonly correction?: number | undefined
}

interface Spread {
  <S extends Shape, D extends Float, const A extends Axis<S> | readonly Axis<S>[]>(
    x: Tensor<S, D>,
    axes: A,
    options: SpreadOptions & { readonly keep: true },
  ): Tensor<Kept<S, A>, D>
  <S extends Shape, D extends Float, const A extends Axis<S> | readonly Axis<S>[]>(
    x: Tensor<S, D>,
    axes: A,
    options?: SpreadOptions & { readonly keep?: false | undefined },
  ): Tensor<Reduced<S, A>, D>
  <D extends Float>(x: Tensor<Shape, D>, axes?: undefined, options?: SpreadOptions): Tensor<Shape, D>
}

/** The entries less their mean, their axes, and the number that the sum of squares is divided by. */
const centered = (op: string, x: Tensor, axes: number | readonly number[] | undefined, given: SpreadOptions) => {
  checkOptions(op, given, ['keep', 'correction'])
  const over = axesOf(op, x, axes)
  const n = sizeOf(over.map((i) => x.shape[i] as number)) - finite(op, 'correction', given.correction ?? 0)
  if (!(n > 0))
    throw new ValueError({
      op,
      expected: given.correction ? `more than ${given.correction} entries` : 'at least one entry',
      actual: showShape(x.shape),
    })
  const middle = mean(x, over, { keep: true })
  const keep = given.keep === true ? ({ keep: true } as const) : undefined
  return { rest: sub(x, broadcast(middle, x.shape) as never) as Tensor, over, n, keep }
}

/**
 * The variance over some axes, over all if none is given: the mean of the squared differences from the mean, computed in
 * two passes. Biased unless the option `correction` is 1, as NumPy's `var`; PyTorch's is unbiased. Too few entries are
 * a `ValueError`.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.variance(fromNested([[1, 3], [2, 6]]), 1)) // => [1, 4]
 * toNested(op.variance(fromNested([1, 3]), 0, { correction: 1 })) // => 2
 */
export const variance = ((x: Tensor, axes?: number | readonly number[], options: SpreadOptions = {}) => {
  const { rest, over, n, keep } = centered('variance', x, axes, options)
  return scale((sum as typeof norm)(square(rest), over, keep as never), 1 / n)
}) as Spread

/**
 * The standard deviation over some axes, over all if none is given: the root of the `variance`, with its options. Its
 * derivative is 0 where all entries are equal.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.std(fromNested([[1, 3], [2, 6]]), 1)) // => [1, 2]
 */
export const std = ((x: Tensor, axes?: number | readonly number[], options: SpreadOptions = {}) => {
  const { rest, over, n, keep } = centered('std', x, axes, options)
  return scale(norm(rest, over, keep as never), 1 / Math.sqrt(n))
}) as Spread
