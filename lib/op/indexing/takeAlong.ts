import { unboxed } from '../../diff/boxed.ts'
import { leading } from '../../diff/mapped.ts'
import { type Operation, primitive } from '../../diff/primitive.ts'
import { ShapeError } from '../../error/tensorError.ts'
import { engine } from '../../kernel/current.ts'
import { checkTensor } from '../../tensor/data.ts'
import { checkLabels } from '../../tensor/label.ts'
import { axisOf, checkShape, sameShape, showShape } from '../../tensor/shape.ts'
import { fresh, raw } from '../../tensor/view.ts'
import type { Axis } from '../../type/shape.ts'
import type { DType, Float, Shape, Tensor } from '../../type/tensor.ts'
import { moveBack, moveLast } from '../shape/transpose.ts'

type Index = Tensor<Shape, 'int32'>
type Take = <D extends DType>(x: Tensor<Shape, D>, index: Index) => Tensor<Shape, D>
type Put = (d: Tensor, index: Index, n: number) => Tensor

/** The entries of each row of x [...L, n] at the indices of the same row of index [...L, k], which are not checked. */
export const alongRows: Operation<Take> = /* @__PURE__ */ primitive<Take>(
  'takeAlong',
  (x, index) => fresh(index.shape, engine().takeAlong(raw(x), raw(index))),
  (_, x, index) =>
    function takeAlongPullback(d) {
      return [() => putRows(d, index, x.shape[x.shape.length - 1] as number), null]
    },
  leading,
)

/** Entries d [...L, k] added into zeros [...L, n] at their indices: the transpose of `alongRows`. */
const putRows: Operation<Put> = /* @__PURE__ */ primitive<Put>(
  'putAlong',
  (d, index, n) => fresh([...d.shape.slice(0, -1), n], engine().putAlong(raw(d), raw(index), n)),
  (_, __, index) =>
    function putAlongPullback(d) {
      return [() => alongRows(d, index), null, null]
    },
  leading,
)

/** Checks that two tensors have the same sizes but along one axis. */
const checkBeside = (op: string, x: Tensor<Shape, DType>, index: Index, at: number): void => {
  checkTensor(op, index)
  const others = (shape: Shape): Shape => shape.filter((_, i) => i !== at)
  if (x.shape.length !== index.shape.length || !sameShape(others(x.shape), others(index.shape)))
    throw new ShapeError({
      op,
      expected: `an index of shape ${showShape(x.shape.map((n, i) => (i === at ? '?' : n)))}`,
      actual: showShape(index.shape),
    })
}

/**
 * Entries along an axis, the last if none is given, by an index for each: x [...L, n] and index [...L, k] give [...L, k].
 * NumPy's `take_along_axis` and PyTorch's `gather`, but the other sizes must be equal. An index outside 0 … n − 1 is a
 * `ValueError`.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * const x = fromNested([[1, 2, 3], [4, 5, 6]])
 * toNested(op.takeAlong(x, fromNested([[2, 0], [1, 1]], 'int32'))) // => [[3, 1], [5, 5]]
 */
export const takeAlong = <S extends Shape, D extends DType, I extends Shape>(
  x: Tensor<S, D>,
  index: Tensor<I, 'int32'>,
  axis?: Axis<S>,
): Tensor<I, D> => {
  const at = axisOf('takeAlong', x, axis ?? -1)
  checkBeside('takeAlong', x, index, at)
  checkLabels('takeAlong', unboxed(index), x.shape[at] as number, 'indices')
  return moveBack(alongRows(moveLast(x, at), moveLast(index, at)), at) as Tensor<I, D>
}

/**
 * Entries put along an axis, the last if none is given, each at its index in zeros; those at one place are added:
 * d [...L, k] and index [...L, k] give [...L, n]. The transpose of `takeAlong`. An index outside 0 … n − 1 is a
 * `ValueError`.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.putAlong(fromNested([[1, 2, 3]]), fromNested([[0, 3, 3]], 'int32'), 4)) // => [[1, 0, 0, 5]]
 */
export const putAlong = <S extends Shape, D extends Float>(
  d: Tensor<S, D>,
  index: Tensor<Shape, 'int32'>,
  n: number,
  axis?: Axis<S>,
): Tensor<Shape, D> => {
  const at = axisOf('putAlong', d, axis ?? -1)
  checkTensor('putAlong', index)
  if (!sameShape(d.shape, index.shape))
    throw new ShapeError({
      op: 'putAlong',
      expected: `an index of shape ${showShape(d.shape)}`,
      actual: showShape(index.shape),
    })
  checkShape('putAlong', [n])
  checkLabels('putAlong', unboxed(index), n, 'indices')
  return moveBack(putRows(moveLast(d, at) as never, moveLast(index, at), n), at) as Tensor<Shape, D>
}
