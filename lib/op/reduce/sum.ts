import { type Operation, primitive } from '../../diff/primitive.ts'
import { ShapeError, ValueError } from '../../error/tensorError.ts'
import { engine } from '../../kernel/current.ts'
import { checkTensor, floatDType } from '../../tensor/data.ts'
import { axesOf, ownShape, showShape, sizeOf } from '../../tensor/shape.ts'
import { fresh, raw } from '../../tensor/view.ts'
import { spreadView, transposeView } from '../../tensor/views.ts'
import type { DType, Shape, Tensor } from '../../type/tensor.ts'
import { scale } from '../elementwise/scale.ts'
import { reshape } from '../shape/reshape.ts'
import type { Reduction } from '../signature.ts'

const without = (shape: Shape, axes: readonly number[]): Shape => shape.filter((_, i) => !axes.includes(i))

type Sum = (x: Tensor, axes: readonly number[]) => Tensor
type Spread = (x: Tensor<Shape, DType>, axes: readonly number[], to: Shape) => Tensor<Shape, DType>

/** The axes after one more axis is put in front. */
const behind = (axes: readonly number[]): readonly number[] => axes.map((axis) => axis + 1)

/** The sum over some axes, which go away. The transpose of `spread`. */
const sumOver: Operation<Sum> = /* @__PURE__ */ primitive<Sum>(
  'sum',
  (x, axes) => {
    floatDType('sum', x)
    const kept = without([...x.shape.keys()], axes)
    return fresh(without(x.shape, axes), engine().sum(raw(transposeView(x, [...kept, ...axes])), kept.length))
  },
  (_, x, axes) =>
    function sumPullback(d) {
      return [() => spread(d, axes, x.shape), null]
    },
  ({ outer: [x, axes] }) => sumOver(x, behind(axes)),
)

/** The entries repeated along new axes; a view. The transpose of `sumOver`. */
export const spread: Operation<Spread> = /* @__PURE__ */ primitive<Spread>(
  'broadcast',
  spreadView,
  (_, __, axes) =>
    function broadcastPullback(d) {
      return [() => sumOver(d, axes), null, null]
    },
  ({ size, outer: [x, axes, to] }) => spread(x, behind(axes), [size, ...to]),
)

/** The shape with size 1 in some axes. */
export const keptShape = (shape: Shape, axes: readonly number[]): Shape =>
  shape.map((n, i) => (axes.includes(i) ? 1 : n))

/**
 * The sum over some axes, which go away, or stay with size 1 if `keep` is true; over all if none is given. Axes count
 * from the back if negative. The sum of nothing is 0.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.sum(fromNested([[1, 2], [3, 4]]), 0)) // => [4, 6]
 */
export const sum = ((x: Tensor, axes?: number | readonly number[], options?: { readonly keep: true }) => {
  const over = axesOf('sum', x, axes)
  const y = sumOver(x, over)
  return options?.keep ? reshape(y, keptShape(x.shape, over)) : y
}) as Reduction

/**
 * The mean over some axes: the sum over their size. The mean of nothing is a `ValueError`.
 *
 * @example
 * import { fromNested, op, item } from 'pullback'
 * item(op.mean(fromNested([1, 2, 6]))) // => 3
 */
export const mean = ((x: Tensor, axes?: number | readonly number[], options?: { readonly keep: true }) => {
  const over = axesOf('mean', x, axes)
  const n = sizeOf(over.map((i) => x.shape[i] as number))
  if (n === 0)
    throw new ValueError({
      op: 'mean',
      expected: 'at least one entry',
      actual: showShape(x.shape),
      code: 'empty-batch',
    })
  const y = scale(sumOver(x, over), 1 / n)
  return options?.keep ? reshape(y, keptShape(x.shape, over)) : y
}) as Reduction

/**
 * A larger shape by repetition: missing leading axes and axes of size 1 repeat. A view; nothing is copied. This is the
 * one place where entries repeat: no operation broadcasts by itself, but for the leading axes of `matmul`.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.broadcast(fromNested([1, 2]), [2, 2])) // => [[1, 2], [1, 2]]
 */
export const broadcast = <D extends DType, const T extends Shape>(x: Tensor<Shape, D>, shape: T): Tensor<T, D> => {
  checkTensor('broadcast', x)
  const to = ownShape('broadcast', shape)
  const missing = shape.length - x.shape.length
  const axes = [...shape.keys()].filter((i) => i < missing || (x.shape[i - missing] === 1 && shape[i] !== 1))
  const rest = x.shape.filter((_, i) => !axes.includes(i + missing))
  if (missing < 0 || !without(shape, axes).every((n, i) => n === rest[i]))
    throw new ShapeError({
      op: 'broadcast',
      expected: `a shape that ${showShape(x.shape)} repeats to`,
      actual: showShape(shape),
    })
  return spread(reshape(x, rest), axes, to) as Tensor<T, D>
}
