import { leading } from '../../diff/mapped.ts'
import { type Operation, primitive } from '../../diff/primitive.ts'
import type { Binary } from '../signature.ts'
import { zipped } from './elementwise.ts'

/**
 * a · b, entry by entry. One shape, one number format.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.mul(fromNested([1, 2]), fromNested([3, 4]))) // => [3, 8]
 */
export const mul: Operation<Binary> = /* @__PURE__ */ primitive<Binary>(
  'mul',
  zipped('mul'),
  (_, a, b) =>
    function mulPullback(d) {
      return [() => mul(d, b), () => mul(d, a)]
    },
  leading,
)
