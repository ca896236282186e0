import { mul } from './mul.ts'
import { unary } from './scalarFunction.ts'

/**
 * eˣ, entry by entry.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.exp(fromNested([0]))) // => [1]
 */
export const exp = /* @__PURE__ */ unary('exp', (d, _, y) => mul(d, y))
