import type { Operation } from '../../diff/primitive.ts'
import type { Binary } from '../signature.ts'
import { binary } from './scalarFunction.ts'

/**
 * a · b, entry by entry. One shape, one number format.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.mul(fromNested([1, 2]), fromNested([3, 4]))) // => [3, 8]
 */
export const mul: Operation<Binary> = /* @__PURE__ */ binary(
  'mul',
  (d, _, b) => mul(d, b),
  (d, a) => mul(d, a),
)
