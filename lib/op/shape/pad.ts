import { ShapeError, ValueError } from '../../error/tensorError.ts'
import { full } from '../../tensor/create.ts'
import { checkTensor, describe } from '../../tensor/data.ts'
import { showShape } from '../../tensor/shape.ts'
import type { Resized } from '../../type/shape.ts'
import type { AnyTensor, DType, Shape, Tensor } from '../../type/tensor.ts'
import { concat } from './concat.ts'

/** The number of entries put before and after those of an axis; one number for both. */
export type Padding = number | readonly [before: number, after: number]

/** The numbers before and after of each axis, checked; `axes` says of what. */
export const widthsOf = (widths: readonly Padding[], rank: number, axes: string) => {
  const pairs = Array.isArray(widths) ? widths.map((w) => (typeof w === 'number' ? ([w, w] as const) : w)) : []
  const sound = pairs.every(
    (w) => Array.isArray(w) && w.length === 2 && w.every((n) => Number.isSafeInteger(n) && n >= 0),
  )
  if (!Array.isArray(widths) || pairs.length !== rank || !sound)
    throw new ShapeError({
      op: 'pad',
      expected: `[before, after], or one number for both, for each axis of ${axes}`,
      actual: Array.isArray(widths)
        ? `[${widths.map((w) => (Array.isArray(w) ? showShape(w) : describe(w))).join(', ')}]`
        : describe(widths),
    })
  return pairs as readonly (readonly [number, number])[]
}

/**
 * A tensor with more entries before and after those of each axis, 0 unless another value is given.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.pad(fromNested([[1, 2]]), [[0, 1], 1])) // => [[0, 1, 2, 0], [0, 0, 0, 0]]
 * toNested(op.pad(fromNested([1]), [[0, 2]], 9)) // => [1, 9, 9]
 */
export const pad = <S extends Shape, D extends DType>(
  x: Tensor<S, D>,
  widths: readonly Padding[],
  value = 0,
): Tensor<Resized<S>, D> => {
  checkTensor('pad', x)
  if (typeof value !== 'number')
    throw new ValueError({ op: 'pad', expected: 'a plain number', actual: describe(value), code: 'wrong-argument' })
  return widthsOf(widths, x.shape.length, showShape(x.shape)).reduce<AnyTensor>((inner, [before, after], axis) => {
    const beside = (n: number): readonly AnyTensor[] =>
      n === 0
        ? []
        : [
            full<Shape, DType>(
              inner.shape.map((size, i) => (i === axis ? n : size)),
              value,
              inner.dtype,
            ),
          ]
    return before + after === 0 ? inner : concat([...beside(before), inner, ...beside(after)], axis)
  }, x) as Tensor<Resized<S>, D>
}
