import { type Operation, primitive } from '../../diff/primitive.ts'
import { ShapeError } from '../../error/tensorError.ts'
import { checkTensor, describeShape } from '../../tensor/data.ts'
import { axesOf, showShape } from '../../tensor/shape.ts'
import { transposeView } from '../../tensor/views.ts'
import type { Axis, Permuted, Reversed } from '../../type/shape.ts'
import type { DType, Shape, Tensor } from '../../type/tensor.ts'

interface Transpose {
  <S extends Shape, D extends DType>(x: Tensor<S, D>): Tensor<Reversed<S>, D>
  <S extends Shape, D extends DType, const P extends readonly Axis<S>[]>(
    x: Tensor<S, D>,
    order: P,
  ): Tensor<Permuted<S, P>, D>
}
type Permute = <D extends DType>(x: Tensor<Shape, D>, order: readonly number[]) => Tensor<Shape, D>

/** The axes in another order, each named once and counted from the front. */
const permute: Operation<Permute> = /* @__PURE__ */ primitive<Permute>(
  'transpose',
  transposeView,
  (_, __, order) =>
    function transposePullback(d) {
      const inverse = order.map((_, i) => order.indexOf(i))
      return [() => permute(d, inverse), null]
    },
  ({ outer: [x, order] }) => permute(x, [0, ...order.map((axis) => axis + 1)]),
)

/**
 * The axes in another order, reversed if none is given: a matrix transposed. A view; nothing is copied.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.transpose(fromNested([[1, 2], [3, 4]]))) // => [[1, 3], [2, 4]]
 */
export const transpose = ((x: Tensor<Shape, DType>, order?: readonly number[]) => {
  checkTensor('transpose', x)
  if (order === undefined)
    return permute(
      x,
      x.shape.map((_, i) => x.shape.length - 1 - i),
    )
  if (!Array.isArray(order) || axesOf('transpose', x, order).length !== x.shape.length)
    throw new ShapeError({
      op: 'transpose',
      expected: `all axes of ${showShape(x.shape)}`,
      actual: describeShape(order),
      code: 'index-out-of-range',
    })
  return permute(
    x,
    order.map((axis) => (axis < 0 ? axis + x.shape.length : axis)),
  )
}) as Transpose

/** The first m axes put behind the n that follow them. */
export const swapBlocks = <D extends DType>(x: Tensor<Shape, D>, m: number, n: number): Tensor<Shape, D> =>
  permute(
    x,
    x.shape.map((_, i) => (i < n ? i + m : i < n + m ? i - n : i)),
  )

/** The last two axes swapped: the matrices of a batch transposed. */
export const swapLast = <D extends DType>(x: Tensor<Shape, D>): Tensor<Shape, D> => {
  const rank = x.shape.length
  return permute(
    x,
    x.shape.map((_, i) => (i === rank - 1 ? rank - 2 : i === rank - 2 ? rank - 1 : i)),
  )
}

/** An axis moved to the end. */
export const moveLast = <D extends DType>(x: Tensor<Shape, D>, axis: number): Tensor<Shape, D> =>
  axis === x.shape.length - 1 ? x : permute(x, [...x.shape.keys()].filter((i) => i !== axis).concat(axis))

/** The last axis moved to where `axis` says: the inverse of `moveLast`. */
export const moveBack = <D extends DType>(x: Tensor<Shape, D>, axis: number): Tensor<Shape, D> => {
  const last = x.shape.length - 1
  return axis === last
    ? x
    : permute(
        x,
        [...x.shape.keys()].map((i) => (i < axis ? i : i === axis ? last : i - 1)),
      )
}
