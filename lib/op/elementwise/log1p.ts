import { further } from '../../kernel/wasm/set/further.ts'
import { div } from './div.ts'
import { unary } from './scalarFunction.ts'
import { shift } from './scale.ts'

/**
 * log(1 + x), entry by entry, with all its digits where x is near 0: −Infinity at −1, NaN below.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.log1p(fromNested([0, 1e-30], 'float64'))) // => [0, 1e-30]
 */
export const log1p = /* @__PURE__ */ unary('log1p', (d, x) => div(d, shift(x, 1)), further)
