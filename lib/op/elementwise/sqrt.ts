import { leading } from '../../diff/mapped.ts'
import { primitive } from '../../diff/primitive.ts'
import type { Unary } from '../signature.ts'
import { div } from './div.ts'
import { mapped } from './elementwise.ts'
import { scale } from './scale.ts'

/**
 * The square root, entry by entry: NaN below 0; its derivative at 0 is Infinity, so that the slopes of √Σ x² are NaN where all x are
 * 0: `norm` has 0 there. Where an argument may be 0 or less, `where` has the remedy.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.sqrt(fromNested([9]))) // => [3]
 */
export const sqrt = /* @__PURE__ */ primitive<Unary>(
  'sqrt',
  mapped('sqrt'),
  (y) =>
    function sqrtPullback(d) {
      return [() => scale(div(d, y), 0.5)]
    },
  leading,
)
