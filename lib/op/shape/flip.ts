import { axesOf } from '../../tensor/shape.ts'
import type { Axis } from '../../type/shape.ts'
import type { DType, Shape, Tensor } from '../../type/tensor.ts'
import { slice } from './slice.ts'

/**
 * The entries in reverse order along some axes, along all if none is given. A view; nothing is copied.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.flip(fromNested([[1, 2], [3, 4]]), 1)) // => [[2, 1], [4, 3]]
 */
export const flip = <S extends Shape, D extends DType>(
  x: Tensor<S, D>,
  axes?: Axis<S> | readonly Axis<S>[],
): Tensor<S, D> => {
  const over = axesOf('flip', x, axes)
  return slice(
    x,
    x.shape.map((_, i) => (over.includes(i) ? ([null, null, -1] as const) : null)),
  ) as Tensor<Shape, D> as Tensor<S, D>
}
