import { div } from './div.ts'
import { unary } from './scalarFunction.ts'

/**
 * The natural logarithm, entry by entry: −Infinity at 0, NaN below.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.log(fromNested([1]))) // => [0]
 */
export const log = /* @__PURE__ */ unary('log', (d, x) => div(d, x))
