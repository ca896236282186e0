import { type Operation, primitive } from '../../diff/primitive.ts'
import { engine } from '../../kernel/current.ts'
import { stridesOf } from '../../tensor/shape.ts'
import { fresh, raw } from '../../tensor/view.ts'
import { type Range, sliceLayout, sliceView } from '../../tensor/views.ts'
import type { DType, Shape, Tensor } from '../../type/tensor.ts'

type Sliced<S extends Shape, R extends readonly Range[], T extends Shape = readonly []> = number extends
  | S['length']
  | R['length']
  ? Shape
  : S extends readonly [infer N extends number, ...infer Rest extends Shape]
    ? R extends readonly [infer First, ...infer Others extends readonly Range[]]
      ? Sliced<Rest, Others, First extends number ? T : readonly [...T, First extends null ? N : number]>
      : readonly [...T, ...S]
    : T
type Slice = <S extends Shape, D extends DType, const R extends readonly Range[]>(
  x: Tensor<S, D>,
  ranges: R,
) => Tensor<Sliced<S, R>, D>
type PadTo = (d: Tensor<Shape, DType>, ranges: readonly Range[], shape: Shape) => Tensor<Shape, DType>

/**
 * A part of a tensor, a range for each axis from the first on: an index takes one entry, and the axis goes away;
 * [start, stop] takes a range and [start, stop, step] every step-th entry of it, backward if negative; null stands for
 * all, and for an open end. Negative indices count from the end. A view; nothing is copied. An index outside the axis
 * is a `ShapeError`: nothing is clipped.
 *
 * @example
 * import { op, range, toNested } from 'pullback'
 * const x = op.reshape(range(0, 6), [2, 3])
 * toNested(op.slice(x, [1])) // => [3, 4, 5]
 * toNested(op.slice(x, [null, [0, 2]])) // => [[0, 1], [3, 4]]
 * toNested(op.slice(x, [0, [null, null, -1]])) // => [2, 1, 0]
 */
export const slice: Operation<Slice> = /* @__PURE__ */ primitive<Slice>(
  'slice',
  (x, ranges) => sliceView('slice', x, ranges),
  (_, x, ranges) =>
    function slicePullback(d) {
      return [() => padTo(d, ranges, x.shape), null]
    },
  ({ outer: [x, ranges] }) => slice(x, [null, ...ranges]),
)

/** A tensor put in the place of a slice of zeros: the transpose of `slice`. */
const padTo: Operation<PadTo> = /* @__PURE__ */ primitive<PadTo>(
  'padTo',
  (d, ranges, shape) => {
    const at = sliceLayout('padTo', { shape, stride: stridesOf(shape), offset: 0 }, ranges)
    return fresh(shape, engine().padTo(raw(d), shape, at))
  },
  (_, __, ranges) =>
    function padToPullback(d) {
      return [() => slice(d, ranges), null, null]
    },
  ({ size, outer: [d, ranges, shape] }) => padTo(d, [null, ...ranges], [size, ...shape]),
)
