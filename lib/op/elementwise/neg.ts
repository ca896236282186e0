import { leading } from '../../diff/mapped.ts'
import { type Operation, primitive } from '../../diff/primitive.ts'
import type { Unary } from '../signature.ts'
import { mapped } from './elementwise.ts'

/**
 * −x, entry by entry.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.neg(fromNested([1, -2]))) // => [-1, 2]
 */
export const neg: Operation<Unary> = /* @__PURE__ */ primitive<Unary>(
  'neg',
  mapped('neg'),
  () =>
    function negPullback(d) {
      return [() => neg(d)]
    },
  leading,
)
