import { neg } from './neg.ts'
import { binary } from './scalarFunction.ts'

/**
 * a − b, entry by entry. One shape, one number format.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.sub(fromNested([1, 2]), fromNested([3, 5]))) // => [-2, -3]
 */
export const sub = /* @__PURE__ */ binary(
  'sub',
  (d) => d,
  (d) => neg(d),
)
