import { ValueError } from '../../error/tensorError.ts'
import { describe } from '../../tensor/data.ts'
import { axisOf } from '../../tensor/shape.ts'
import type { Axis } from '../../type/shape.ts'
import type { DType, Shape, Tensor } from '../../type/tensor.ts'
import { concat } from './concat.ts'
import { slice } from './slice.ts'

/**
 * The entries moved by some places along an axis, the last if none is given, toward its end; those that pass the end come
 * in at the start. Negative numbers move toward the start.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.roll(fromNested([1, 2, 3, 4]), 1)) // => [4, 1, 2, 3]
 */
export const roll = <S extends Shape, D extends DType>(x: Tensor<S, D>, by: number, axis?: Axis<S>): Tensor<S, D> => {
  const at = axisOf('roll', x, axis ?? -1)
  if (!Number.isSafeInteger(by))
    throw new ValueError({ op: 'roll', expected: 'a whole number of places', actual: describe(by) })
  const n = x.shape[at] as number
  const first = n === 0 ? 0 : ((-by % n) + n) % n
  if (first === 0) return x
  const part = (from: number, to: number) => slice(x, [...Array.from({ length: at }, () => null), [from, to]])
  return concat([part(first, n), part(0, first)] as never[], at as never) as Tensor<S, D>
}
