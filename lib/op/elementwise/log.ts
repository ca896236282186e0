import { leading } from '../../diff/mapped.ts'
import { primitive } from '../../diff/primitive.ts'
import type { Unary } from '../signature.ts'
import { div } from './div.ts'
import { mapped } from './elementwise.ts'

/**
 * The natural logarithm, entry by entry: −Infinity at 0, NaN below.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.log(fromNested([1]))) // => [0]
 */
export const log = /* @__PURE__ */ primitive<Unary>(
  'log',
  mapped('log'),
  (_, x) =>
    function logPullback(d) {
      return [() => div(d, x)]
    },
  leading,
)
