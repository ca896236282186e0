import { leading } from '../../diff/mapped.ts'
import { primitive } from '../../diff/primitive.ts'
import type { Binary } from '../signature.ts'
import { zipped } from './elementwise.ts'
import { neg } from './neg.ts'

/**
 * a − b, entry by entry. One shape, one number format.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.sub(fromNested([1, 2]), fromNested([3, 5]))) // => [-2, -3]
 */
export const sub = /* @__PURE__ */ primitive<Binary>(
  'sub',
  zipped('sub'),
  () =>
    function subPullback(d) {
      return [() => d, () => neg(d)]
    },
  leading,
)
