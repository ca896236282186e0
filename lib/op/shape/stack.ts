import { ShapeError, StructureError } from '../../error/tensorError.ts'
import { checkTensor, describe } from '../../tensor/data.ts'
import { axisOf, checkSame } from '../../tensor/shape.ts'
import type { AnyTensor, Shape, Tensor } from '../../type/tensor.ts'
import { concat } from './concat.ts'
import { reshape } from './reshape.ts'

/**
 * Tensors of one shape side by side along a new axis, the first unless another place is given. An empty array is a
 * `ShapeError`.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.stack([fromNested([1, 2]), fromNested([3, 4])])) // => [[1, 2], [3, 4]]
 * toNested(op.stack([fromNested([1, 2]), fromNested([3, 4])], 1)) // => [[1, 3], [2, 4]]
 */
export const stack = <T extends AnyTensor>(xs: readonly T[], axis = 0): Tensor<Shape, T['dtype']> => {
  if (!Array.isArray(xs))
    throw new StructureError({
      op: 'stack',
      expected: 'an array of tensors',
      actual: describe(xs),
      remedy: 'write [a, b]',
    })
  const first = xs[0]
  if (first === undefined)
    throw new ShapeError({ op: 'stack', expected: 'at least one tensor', actual: 'none', code: 'wrong-argument' })
  for (const x of xs) {
    checkTensor('stack', x)
    checkSame('stack', first, x)
  }
  const shape: Shape = first.shape
  const at = axisOf('stack', reshape(first as Tensor, [...shape, 1]), axis)
  const one = [...shape.slice(0, at), 1, ...shape.slice(at)]
  return concat(
    xs.map((x) => reshape(x as Tensor, one)),
    at as never,
  ) as Tensor<Shape, T['dtype']>
}
