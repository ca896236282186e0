import { div } from './div.ts'
import { unary } from './scalarFunction.ts'
import { scale } from './scale.ts'

/**
 * The square root, entry by entry; NaN below 0. The derivative at 0 is Infinity, so the gradient of √Σ x² is NaN where
 * all x are 0; that of `norm` is 0 there. Where an argument may be 0 or less, the documentation of `where` has a
 * remedy.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.sqrt(fromNested([9]))) // => [3]
 */
export const sqrt = /* @__PURE__ */ unary('sqrt', (d, _, y) => scale(div(d, y), 0.5))
