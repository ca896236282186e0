import { leading } from '../../diff/mapped.ts'
import { type Operation, primitive } from '../../diff/primitive.ts'
import type { Float, Shape, Tensor } from '../../type/tensor.ts'
import { pairwise } from '../elementwise/kernels.ts'
import { unary } from '../elementwise/scalarFunction.ts'

type Gate = <S extends Shape, D extends Float>(d: Tensor<S, D>, x: Tensor<S, D>, from?: number) => Tensor<S, D>

/** d where x > `from`, which is 0 unless given, and 0 elsewhere. Linear in d, constant in x. */
export const maskAbove: Operation<Gate> = /* @__PURE__ */ primitive<Gate>(
  'maskAbove',
  pairwise('maskAbove'),
  (_, __, x, from) =>
    function maskAbovePullback(d) {
      return [() => maskAbove(d, x, from), null]
    },
  leading,
)

/**
 * max(0, x), entry by entry; NaN stays NaN. The derivative is 1 above zero and 0 elsewhere, at zero too.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.relu(fromNested([-1, 2]))) // => [0, 2]
 */
export const relu = /* @__PURE__ */ unary('relu', (d, x) => maskAbove(d, x))
