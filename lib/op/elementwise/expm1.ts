import { mul } from './mul.ts'
import { unary } from './scalarFunction.ts'
import { shift } from './scale.ts'

/**
 * eˣ − 1, entry by entry, with all its digits where x is near 0.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.expm1(fromNested([0, 1e-30], 'float64'))) // => [0, 1e-30]
 */
export const expm1 = /* @__PURE__ */ unary('expm1', (d, _, y) => mul(d, shift(y, 1)))
