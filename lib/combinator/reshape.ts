import { ShapeError } from '../error/tensorError.ts'
import { any, type Layer } from '../layer/layer.ts'
import { parameterless } from '../layer/stateless.ts'
import { reshape as reshapeOperation } from '../op/shape/reshape.ts'
import { checkRank, checkShape, showShape, sizeOf } from '../tensor/shape.ts'
import { fixed } from '../tree/fixed.ts'
import type { Product } from '../type/nat.ts'
import type { Any, Fn, ShowPort } from '../type/port.ts'
import type { ShowShape } from '../type/shape.ts'
import type { Shape } from '../type/tensor.ts'

/** The shape T, for examples with the same number of entries. */
export interface Reshaped<T extends Shape> extends Fn {
  readonly out: this['in'] extends Any
    ? T
    : this['in'] extends Shape
      ? number extends Product<this['in']> | Product<T>
        ? T
        : Product<this['in']> extends Product<T>
          ? T
          : `an example of ${ShowShape<this['in']>} has ${Product<this['in']>} entries, one of ${ShowShape<T>} has ${Product<T>}`
      : `takes one tensor, but the layer before gives ${ShowPort<this['in']>}`
}

/**
 * Reshapes each example to another shape of the same size, its entries in row-major order. `flatten` turns it back into
 * a vector.
 *
 * @example
 * import { compose, input, reshape, summary } from 'pullback'
 * summary(compose(input([784]), reshape([28, 28, 1]))).split('\n')[3] // => '       reshape  [28, 28, 1]           0'
 */
export const reshape = <const T extends Shape>(given: T): Layer<Any, Reshaped<T>> => {
  checkShape('reshape', given)
  const shape = fixed(given)
  const size = sizeOf(shape)
  return parameterless<Any, Reshaped<T>>('reshape', any, (x) => {
    checkRank('reshape', x, 1)
    if (sizeOf(x.shape.slice(1)) !== size)
      throw new ShapeError({
        op: 'reshape',
        expected: `an example of ${size} entries, as ${showShape(shape)} has`,
        actual: showShape(x.shape.slice(1)),
        code: 'size-mismatch',
      })
    return reshapeOperation.pull(x, [x.shape[0] as number, ...shape])
  })
}
