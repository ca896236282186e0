import type { Operation } from '../../diff/primitive.ts'
import type { Binary } from '../signature.ts'
import { mul } from './mul.ts'
import { neg } from './neg.ts'
import { binary } from './scalarFunction.ts'

/**
 * a / b, entry by entry. One shape, one number format. Division by zero gives ±Infinity or NaN, as in JavaScript.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.div(fromNested([1, 3]), fromNested([2, 4]))) // => [0.5, 0.75]
 */
export const div: Operation<Binary> = /* @__PURE__ */ binary(
  'div',
  (d, _, b) => div(d, b),
  (d, _, b, y) => neg(mul(div(d, b), y)),
)
