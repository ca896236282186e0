import { leading } from '../../diff/mapped.ts'
import { type Operation, primitive } from '../../diff/primitive.ts'
import { engine } from '../../kernel/current.ts'
import { floatDType } from '../../tensor/data.ts'
import { axisOf } from '../../tensor/shape.ts'
import { fresh, raw } from '../../tensor/view.ts'
import type { Tensor } from '../../type/tensor.ts'
import { flip } from '../shape/flip.ts'
import { moveBack, moveLast } from '../shape/transpose.ts'
import type { AlongAxis } from '../signature.ts'

type Rows = (x: Tensor) => Tensor

const cumsumRows: Operation<Rows> = /* @__PURE__ */ primitive<Rows>(
  'cumsum',
  (x) => {
    floatDType('cumsum', x)
    return fresh(x.shape, engine().rows('cumsum', raw(x)))
  },
  () =>
    function cumsumPullback(d) {
      return [() => flip(cumsumRows(flip(d, -1)), -1)]
    },
  leading,
)

/**
 * The sum of each entry and those before it along an axis, the last if none is given, added up in float64.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.cumsum(fromNested([[1, 2, 3], [4, 5, 6]]))) // => [[1, 3, 6], [4, 9, 15]]
 * toNested(op.cumsum(fromNested([[1, 2, 3], [4, 5, 6]]), 0)) // => [[1, 2, 3], [5, 7, 9]]
 */
export const cumsum = ((x: Tensor, axis?: number) => {
  const at = axisOf('cumsum', x, axis ?? -1)
  return moveBack(cumsumRows(moveLast(x, at) as Tensor), at)
}) as AlongAxis
