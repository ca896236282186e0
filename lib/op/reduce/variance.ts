import { checkOptions } from '../../error/options.ts'
import { ValueError } from '../../error/tensorError.ts'
import { ones } from '../../tensor/create.ts'
import { axesOf, showShape, sizeOf } from '../../tensor/shape.ts'
import type { Axis, Kept, Reduced } from '../../type/shape.ts'
import type { Float, Shape, Tensor } from '../../type/tensor.ts'
import { finite } from '../elementwise/option.ts'
import { square } from '../elementwise/power.ts'
import { scale } from '../elementwise/scale.ts'
import { sqrt } from '../elementwise/sqrt.ts'
import { sub } from '../elementwise/sub.ts'
import { where } from '../elementwise/where.ts'
import { reshape } from '../shape/reshape.ts'
import { broadcast, keptShape, mean, sum } from './sum.ts'

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

const spread = (op: string, x: Tensor, axes: number | readonly number[] | undefined, given: SpreadOptions): Tensor => {
  checkOptions(op, given, ['keep', 'correction'])
  const over = axesOf(op, x, axes)
  const n = sizeOf(over.map((i) => x.shape[i] as number)) - finite(op, 'correction', given.correction ?? 0)
  if (!(n > 0))
    throw new ValueError({
      op,
      expected: given.correction ? `more than ${given.correction} entries` : 'at least one entry',
      actual: showShape(x.shape),
      code: 'empty-batch',
    })
  const rest = sub(x, broadcast(mean(x, over, { keep: true }), x.shape) as never) as Tensor
  const y = sum(square(rest) as Tensor, over)
  return scale(given.keep === true ? reshape(y as Tensor, keptShape(x.shape, over) as Shape) : (y as Tensor), 1 / n)
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
export const variance = ((x: Tensor, axes?: number | readonly number[], options: SpreadOptions = {}) =>
  spread('variance', x, axes, options)) as Spread

/**
 * The standard deviation over some axes, over all if none is given: the root of the `variance`, with its options. Its
 * derivative is 0 where all entries are equal.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.std(fromNested([[1, 3], [2, 6]]), 1)) // => [1, 2]
 */
export const std = ((x: Tensor, axes?: number | readonly number[], options: SpreadOptions = {}) => {
  const v = spread('std', x, axes, options)
  const safe = where(v, v, ones(v.shape, v.dtype)) // where v is 0, the root's infinite derivative is not asked for
  return where(v, sqrt(safe) as Tensor, v)
}) as Spread
