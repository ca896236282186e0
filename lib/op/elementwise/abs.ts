import { leading } from '../../diff/mapped.ts'
import { primitive } from '../../diff/primitive.ts'
import { maskAbove } from '../activation/relu.ts'
import type { Unary } from '../signature.ts'
import { mapped } from './elementwise.ts'
import { neg } from './neg.ts'
import { sub } from './sub.ts'

/**
 * |x|, entry by entry. The derivative is the sign, and 0 at zero.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.abs(fromNested([-1, 2]))) // => [1, 2]
 */
export const abs = /* @__PURE__ */ primitive<Unary>(
  'abs',
  mapped('abs'),
  (_, x) =>
    function absPullback(d) {
      return [() => sub(maskAbove(d, x), maskAbove(d, neg(x)))]
    },
  leading,
)
