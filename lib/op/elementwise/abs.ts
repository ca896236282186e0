import { maskAbove } from '../activation/relu.ts'
import { neg } from './neg.ts'
import { unary } from './scalarFunction.ts'
import { sub } from './sub.ts'

/**
 * |x|, entry by entry. The derivative is the sign, and 0 at zero.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.abs(fromNested([-1, 2]))) // => [1, 2]
 */
export const abs = /* @__PURE__ */ unary('abs', (d, x) => sub(maskAbove(d, x), maskAbove(d, neg(x))))
