import type { Operation } from '../../diff/primitive.ts'
import type { Scalar } from '../signature.ts'
import { plain } from './option.ts'
import { tuned } from './scalarFunction.ts'

/**
 * k · x for a plain number k.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.scale(fromNested([1, 2]), 10)) // => [10, 20]
 */
export const scale: Operation<Scalar> = /* @__PURE__ */ tuned(
  'scale',
  (k) => plain('scale', k),
  (d, _, k) => scale(d, k),
)

/**
 * x + k for a plain number k.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.shift(fromNested([1, 2]), 10)) // => [11, 12]
 */
export const shift: Operation<Scalar> = /* @__PURE__ */ tuned(
  'shift',
  (k) => plain('shift', k),
  (d) => d,
)
