import type { Operation } from '../../diff/primitive.ts'
import type { Unary } from '../signature.ts'
import { unary } from './scalarFunction.ts'

/**
 * −x, entry by entry.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.neg(fromNested([1, -2]))) // => [-1, 2]
 */
export const neg: Operation<Unary> = /* @__PURE__ */ unary('neg', (d) => neg(d))
