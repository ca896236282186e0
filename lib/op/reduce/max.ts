import { leading } from '../../diff/mapped.ts'
import { type Operation, primitive } from '../../diff/primitive.ts'
import { untraced } from '../../diff/untraced.ts'
import { ValueError } from '../../error/tensorError.ts'
import { engine } from '../../kernel/current.ts'
import { axesOf, axisOf, showShape, sizeOf } from '../../tensor/shape.ts'
import { fresh, raw } from '../../tensor/view.ts'
import type { Axis, Reduced } from '../../type/shape.ts'
import type { Float, Shape, Tensor } from '../../type/tensor.ts'
import { pick } from '../indexing/gather.ts'
import { reshape } from '../shape/reshape.ts'
import { moveLast, transpose } from '../shape/transpose.ts'
import type { Reduction } from '../signature.ts'

/** The index of one entry along an axis, the last if none is given. */
export type Index = <S extends Shape, A extends Axis<S> = -1 & Axis<S>>(
  x: Tensor<S, Float>,
  axis?: A,
) => Tensor<Reduced<S, A>, 'int32'>

type Largest = (x: Tensor) => Tensor<Shape, 'int32'>

const argmaxRows: Operation<Largest> = /* @__PURE__ */ primitive<Largest>(
  'argmax',
  (x) => fresh(x.shape.slice(0, -1), engine().argmax(raw(x))),
  () => () => [null],
  leading,
)

const noEntries = (op: string, x: Tensor): ValueError =>
  new ValueError({ op, expected: 'at least one entry', actual: showShape(x.shape), code: 'empty-batch' })

/**
 * The index of the largest entry along an axis, the last if none is given; of equal entries the first. A NaN counts as
 * the largest. A constant to differentiation. An axis without entries is a `ValueError`.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.argmax(fromNested([[1, 3, 2], [5, 5, 4]]))) // => [1, 0]
 */
export const argmax: Index = (x, axis) => indexOfLargest('argmax', x, axis)

/** The index of the largest entry along an axis, for the operation of a name. */
export const indexOfLargest = <S extends Shape, A extends Axis<S>>(
  op: string,
  x: Tensor<S, Float>,
  axis?: A,
): Tensor<Reduced<S, A>, 'int32'> => {
  const at = axisOf(op, x, axis ?? -1)
  if (x.shape[at] === 0) throw noEntries(op, x)
  return argmaxRows(untraced(moveLast(x, at) as Tensor)) as Tensor<Reduced<S, A>, 'int32'>
}

/**
 * The largest entry over some axes, over all if none is given. Of equal entries the first gets the whole cotangent. NaN
 * if an entry is NaN. Axes without entries are a `ValueError`.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.max(fromNested([[1, 3], [4, 2]]), 1)) // => [3, 4]
 */
export const max = ((x: Tensor, axes?: number | readonly number[], options?: { readonly keep: true }) =>
  largest('max', x, axes, options)) as Reduction

/** The largest entry over some axes, for the operation of a name. */
export const largest = (
  op: string,
  x: Tensor,
  axes?: number | readonly number[],
  options?: { readonly keep: true },
): Tensor => {
  const over = axesOf(op, x, axes)
  const rest = [...x.shape.keys()].filter((i) => !over.includes(i))
  const sizes = rest.map((i) => x.shape[i] as number)
  const n = sizeOf(over.map((i) => x.shape[i] as number))
  if (n === 0) throw noEntries(op, x)
  const rows = reshape(transpose(x, [...rest, ...over]), [...sizes, n])
  const y = pick(rows, argmaxRows(untraced(rows)))
  return options?.keep
    ? reshape(
        y,
        x.shape.map((size, i) => (over.includes(i) ? 1 : size)),
      )
    : y
}
