import { leading } from '../diff/mapped.ts'
import { type Operation, primitive } from '../diff/primitive.ts'
import { mapped, zipped } from './elementwise.ts'
import type { Binary, Unary } from './signature.ts'

/** d where x > 0, else 0: linear in d, constant in x. */
export const gate: Operation<Binary> = primitive<Binary>(
  'gate',
  zipped('gate'),
  (_, __, x) =>
    function gatePullback(d) {
      return [() => gate(d, x), null]
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
export const relu = primitive<Unary>(
  'relu',
  mapped('relu'),
  (_, x) =>
    function reluPullback(d) {
      return [() => gate(d, x)]
    },
  leading,
)
