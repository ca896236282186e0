import { unboxed } from '../../diff/boxed.ts'
import { leading } from '../../diff/mapped.ts'
import { type Operation, primitive } from '../../diff/primitive.ts'
import { ShapeError } from '../../error/tensorError.ts'
import { engine } from '../../kernel/current.ts'
import { checkTensor } from '../../tensor/data.ts'
import { checkLabels, offsetRows } from '../../tensor/label.ts'
import { checkRank, sameShape, showShape } from '../../tensor/shape.ts'
import { fresh, raw } from '../../tensor/view.ts'
import type { FitsShape, Leading, ShowShape, Trailing } from '../../type/shape.ts'
import type { DType, Shape, Tensor } from '../../type/tensor.ts'
import { fold, unfold } from '../shape/reshape.ts'
import { swapBlocks } from '../shape/transpose.ts'

type Index = Tensor<Shape, 'int32'>
type Gather = <S extends Shape, I extends Shape, D extends DType>(
  x: Tensor<S, D>,
  index: Tensor<I, 'int32'>,
) => Tensor<readonly [...I, ...Trailing<S>], D>
type Offset = (index: Index, step: number) => Index
type Scatter = (d: Tensor<Shape, DType>, index: Index, n: number) => Tensor<Shape, DType>

/**
 * The rows (entries along the first axis) that an index names: x [n, ...R] and index [...I] give [...I, ...R]. A row
 * may be named any number of times. An index outside 0 … n − 1 is a `ValueError`.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.gather(fromNested([[1, 2], [3, 4]]), fromNested([1, 1, 0], 'int32'))) // => [[3, 4], [3, 4], [1, 2]]
 */
export const gather: Operation<Gather> = /* @__PURE__ */ primitive<Gather>(
  'gather',
  (x, index) => {
    checkRank('gather', x, 1)
    checkLabels('gather', index, x.shape[0] as number, 'indices')
    return fresh([...index.shape, ...x.shape.slice(1)], engine().gather(raw(x), raw(index)))
  },
  (_, x, index) =>
    function gatherPullback(d) {
      return [() => scatterAdd(d, index, x.shape[0] as number), null]
    },
  ({ args: [one, i], mapped: [left, right], outer: [x, index], all }) => {
    if (!left) return gather(x, index)
    checkRank('gather', one, 1)
    if (right) return gather(fold(x), inTables(all[1], one.shape[0] as number))
    return swapBlocks(gather(swapBlocks(x, 1, 1), index), i.shape.length, 1)
  },
)

/** Rows added into zeros at the places an index names: the transpose of `gather`. */
export const scatterAdd: Operation<Scatter> = /* @__PURE__ */ primitive<Scatter>(
  'scatterAdd',
  (d, index, n) => fresh([n, ...d.shape.slice(index.shape.length)], engine().scatterAdd(raw(d), raw(index), n)),
  (_, __, index) =>
    function scatterAddPullback(d) {
      return [() => gather(d, index), null, null]
    },
  ({ size, args: [, i], mapped: [, right], outer: [d, index, n], all }) => {
    if (right) return unfold(scatterAdd(all[0], inTables(all[1], n), size * n), size, n)
    return swapBlocks(scatterAdd(swapBlocks(d, 1, i.shape.length), index, n), 1, 1)
  },
)

/** Indices [size, ...I] with `step` added once in the second row, twice in the third, and so on. */
export const offset: Operation<Offset> = /* @__PURE__ */ primitive<Offset>('offset', offsetRows, () => () => [
  null,
  null,
])

/** Indices of rows, each example's in a table of n of its own, as indices in all these tables one after the other. */
const inTables = (index: Index, n: number): Index => {
  checkLabels('gather', unboxed(index), n, 'indices')
  return offset(index, n)
}

type Pick = <S extends Shape, I extends Shape, D extends DType>(
  x: Tensor<S, D>,
  index: FitsShape<Leading<S>, I> extends true
    ? Tensor<I, 'int32'>
    : `needs an index ${ShowShape<Leading<S>>}, but is given ${ShowShape<I>}`,
) => Tensor<Leading<S>, D>
type Place = (d: Tensor<Shape, DType>, index: Index, n: number) => Tensor<Shape, DType>

/**
 * One entry of each row (last axis): x [...L, n] and index [...L] give [...L]. The score of the right class of each
 * example. An index outside 0 … n − 1 is a `ValueError`.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.pick(fromNested([[1, 2, 3], [4, 5, 6]]), fromNested([2, 0], 'int32'))) // => [3, 4]
 */
export const pick: Operation<Pick> = /* @__PURE__ */ primitive<Pick>(
  'pick',
  (x, index) => {
    checkRank('pick', x, 1)
    checkTensor('pick', index)
    const leading = x.shape.slice(0, -1)
    if (!sameShape(leading, index.shape))
      throw new ShapeError({
        op: 'pick',
        expected: `an index of shape ${showShape(leading)}`,
        actual: showShape(index.shape),
      })
    checkLabels('pick', index, x.shape[leading.length] as number)
    return fresh(leading, engine().pick(raw(x), raw(index)))
  },
  (_, x, index) =>
    function pickPullback(d) {
      return [() => place(d, index, x.shape[x.shape.length - 1] as number), null]
    },
  leading,
)

/** Each entry at its index in a row of zeros: the transpose of `pick`. */
export const place: Operation<Place> = /* @__PURE__ */ primitive<Place>(
  'place',
  (d, index, n) => fresh([...d.shape, n], engine().place(raw(d), raw(index), n)),
  (_, __, index) =>
    function placePullback(d) {
      return [() => pick(d, index as never), null, null]
    },
  leading,
)
