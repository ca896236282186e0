import { leading } from '../../diff/mapped.ts'
import { type Operation, primitive } from '../../diff/primitive.ts'
import { untraced } from '../../diff/untraced.ts'
import { ValueError } from '../../error/tensorError.ts'
import { engine } from '../../kernel/current.ts'
import { describe, floatDType } from '../../tensor/data.ts'
import { axisOf } from '../../tensor/shape.ts'
import { fresh, raw } from '../../tensor/view.ts'
import type { Axis, Resized } from '../../type/shape.ts'
import type { Float, Shape, Tensor } from '../../type/tensor.ts'
import { neg } from '../elementwise/neg.ts'
import { alongRows } from '../indexing/takeAlong.ts'
import { slice } from '../shape/slice.ts'
import { moveBack, moveLast } from '../shape/transpose.ts'
import type { AlongAxis } from '../signature.ts'

type Order = (x: Tensor) => Tensor<Shape, 'int32'>

const orderOfRows: Operation<Order> = /* @__PURE__ */ primitive<Order>(
  'argsort',
  (x) => {
    floatDType('argsort', x)
    return fresh(x.shape, engine().argsort(raw(x)))
  },
  () => () => [null],
  leading,
)

/**
 * The indices that sort along an axis, the last if none is given, in ascending order: equal entries stay in order, NaN
 * comes last. A constant to differentiation.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.argsort(fromNested([3, 1, 2]))) // => [1, 2, 0]
 */
export const argsort = <S extends Shape>(x: Tensor<S, Float>, axis?: Axis<S>): Tensor<S, 'int32'> => {
  const at = axisOf('argsort', x, axis ?? -1)
  return moveBack(orderOfRows(untraced(moveLast(x, at) as Tensor)), at) as Tensor<S, 'int32'>
}

/**
 * The entries in ascending order along an axis, the last if none is given; NaN comes last. The cotangent of an entry goes
 * to where it came from.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.sort(fromNested([[3, 1, 2], [0, -1, 5]]))) // => [[1, 2, 3], [-1, 0, 5]]
 */
export const sort = ((x: Tensor, axis?: number) => {
  const at = axisOf('sort', x, axis ?? -1)
  const rows = moveLast(x, at) as Tensor
  return moveBack(alongRows(rows, orderOfRows(untraced(rows))), at)
}) as AlongAxis

/** The k largest entries along an axis, and their indices. */
export interface Top<S extends Shape, D extends Float> {
  readonly values: Tensor<Resized<S>, D>
  readonly indices: Tensor<Resized<S>, 'int32'>
}

/**
 * The k largest entries along an axis, the last if none is given, in descending order, and their indices: of equal
 * entries the first, NaN last. The cotangent of a value goes to where it came from; indices are constants. A k that is
 * not a whole number from 0 to the size of the axis is a `ValueError`.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * const { values, indices } = op.topK(fromNested([[3, 1, 2], [0, -1, 5]]), 2)
 * toNested(values) // => [[3, 2], [5, 0]]
 * toNested(indices) // => [[0, 2], [2, 0]]
 */
export const topK = <S extends Shape, D extends Float>(x: Tensor<S, D>, k: number, axis?: Axis<S>): Top<S, D> => {
  const at = axisOf('topK', x, axis ?? -1)
  const n = x.shape[at] as number
  if (!Number.isInteger(k) || k < 0 || k > n)
    throw new ValueError({ op: 'topK', expected: `a whole k from 0 to ${n}`, actual: describe(k) })
  const rows = moveLast(x, at) as Tensor
  const order = orderOfRows(neg(untraced(rows)))
  const first = [...Array.from({ length: x.shape.length - 1 }, () => null), [0, k] as const]
  const indices = slice(order, first) as Tensor<Shape, 'int32'>
  return { values: moveBack(alongRows(rows, indices), at) as never, indices: moveBack(indices, at) as never }
}
