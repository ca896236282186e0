import { ShapeError } from '../../error/tensorError.ts'
import { checkTensor, describeShape } from '../../tensor/data.ts'
import { checkShape, showShape } from '../../tensor/shape.ts'
import type { Resized } from '../../type/shape.ts'
import type { DType, Shape, Tensor } from '../../type/tensor.ts'
import { broadcast } from '../reduce/sum.ts'
import { reshape } from './reshape.ts'

/**
 * The tensor repeated along each axis, a whole number of times for each.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.tile(fromNested([[1, 2]]), [2, 2])) // => [[1, 2, 1, 2], [1, 2, 1, 2]]
 */
export const tile = <S extends Shape, D extends DType>(x: Tensor<S, D>, times: Resized<S>): Tensor<Resized<S>, D> => {
  checkTensor('tile', x)
  checkShape('tile', times)
  if (times.length !== x.shape.length)
    throw new ShapeError({
      op: 'tile',
      expected: `a number of times for each axis of ${showShape(x.shape)}`,
      actual: describeShape(times),
    })
  const apart = x.shape.flatMap((n) => [1, n])
  const repeated = x.shape.flatMap((n, i) => [times[i] as number, n])
  const all = broadcast(reshape(x as Tensor<Shape, D>, apart), repeated)
  return reshape(
    all as Tensor<Shape, D>,
    x.shape.map((n, i) => n * (times[i] as number)),
  ) as Tensor<Resized<S>, D>
}
