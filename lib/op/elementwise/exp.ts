import { leading } from '../../diff/mapped.ts'
import { primitive } from '../../diff/primitive.ts'
import type { Unary } from '../signature.ts'
import { mapped } from './elementwise.ts'
import { mul } from './mul.ts'

/**
 * eˣ, entry by entry.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.exp(fromNested([0]))) // => [1]
 */
export const exp = /* @__PURE__ */ primitive<Unary>(
  'exp',
  mapped('exp'),
  (y) =>
    function expPullback(d) {
      return [() => mul(d, y)]
    },
  leading,
)
