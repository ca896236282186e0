import { leading } from '../../diff/mapped.ts'
import { type Operation, primitive } from '../../diff/primitive.ts'
import type { Float, Shape, Tensor } from '../../type/tensor.ts'
import { mapped } from './elementwise.ts'
import { plain } from './option.ts'

type Scalar = <S extends Shape, D extends Float>(x: Tensor<S, D>, k: number) => Tensor<S, D>

/**
 * k · x for a plain number k.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.scale(fromNested([1, 2]), 10)) // => [10, 20]
 */
export const scale: Operation<Scalar> = /* @__PURE__ */ primitive<Scalar>(
  'scale',
  (x, k) => mapped('scale')(x, plain('scale', k)),
  (_, __, k) =>
    function scalePullback(d) {
      return [() => scale(d, k)]
    },
  leading,
)

/**
 * x + k for a plain number k.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.shift(fromNested([1, 2]), 10)) // => [11, 12]
 */
export const shift = /* @__PURE__ */ primitive<Scalar>(
  'shift',
  (x, k) => mapped('shift')(x, plain('shift', k)),
  () =>
    function shiftPullback(d) {
      return [() => d]
    },
  leading,
)
