import { add } from '../elementwise/add.ts'
import { div } from '../elementwise/div.ts'
import { neg } from '../elementwise/neg.ts'
import { shift } from '../elementwise/scale.ts'
import type { Unary } from '../signature.ts'
import { relu } from './relu.ts'

/**
 * x / (1 + |x|), entry by entry; NaN for ±∞, as PyTorch's `softsign`. The derivative is 1 / (1 + |x|)², and the second
 * derivative at zero is 0.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.softsign(fromNested([-1, 3]))) // => [-0.5, 0.75]
 */
export const softsign: Unary = (x) => div(x, shift(add(relu(x), relu(neg(x))), 1))
