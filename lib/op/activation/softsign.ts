import { add } from '../elementwise/add.ts'
import { div } from '../elementwise/div.ts'
import { neg } from '../elementwise/neg.ts'
import { shift } from '../elementwise/scale.ts'
import type { Unary } from '../signature.ts'
import { relu } from './relu.ts'

/**
 * x / (1 + |x|), entry by entry. The derivative is 1 / (1 + |x|)², the second one 0 at zero. NaN for ±∞, as PyTorch's `softsign`.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.softsign(fromNested([-1, 3]))) // => [-0.5, 0.75]
 */
export const softsign: Unary = (x) => div(x, shift(add(relu(x), relu(neg(x))), 1))
