// Comparisons, entry by entry, as numbers: 1 where they hold, else 0. They are constants to differentiation.
import { leading } from '../../diff/mapped.ts'
import { primitive } from '../../diff/primitive.ts'
import type { Tensor } from '../../type/tensor.ts'
import { pairwise } from '../elementwise/kernels.ts'
import { mul } from '../elementwise/mul.ts'
import { neg } from '../elementwise/neg.ts'
import { shift } from '../elementwise/scale.ts'
import type { Binary } from '../signature.ts'

const comparison = (name: 'greater' | 'greaterEqual') =>
  primitive<Binary>(name, pairwise(name), () => () => [null, null], leading)

/**
 * 1 where a > b, else 0, entry by entry; 0 where either is NaN. A constant to differentiation. One shape, one number
 * format.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.greater(fromNested([1, 2, 3]), fromNested([2, 2, 2]))) // => [0, 0, 1]
 */
export const greater = /* @__PURE__ */ comparison('greater')

/**
 * 1 where a ≥ b, else 0, entry by entry; 0 where either is NaN. A constant to differentiation. One shape, one number
 * format.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.greaterEqual(fromNested([1, 2, 3]), fromNested([2, 2, 2]))) // => [0, 1, 1]
 */
export const greaterEqual = /* @__PURE__ */ comparison('greaterEqual')

/**
 * 1 where a < b, else 0, entry by entry; 0 where either is NaN. A constant to differentiation. One shape, one number
 * format.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.less(fromNested([1, 2, 3]), fromNested([2, 2, 2]))) // => [1, 0, 0]
 */
export const less = ((a: Tensor, b: Tensor) => greater(b, a)) as Binary

/**
 * 1 where a ≤ b, else 0, entry by entry; 0 where either is NaN. A constant to differentiation. One shape, one number
 * format.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.lessEqual(fromNested([1, 2, 3]), fromNested([2, 2, 2]))) // => [1, 1, 0]
 */
export const lessEqual = ((a: Tensor, b: Tensor) => greaterEqual(b, a)) as Binary

/**
 * 1 where a = b, else 0, entry by entry; NaN equals nothing. A constant to differentiation. One shape, one number
 * format.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.equal(fromNested([1, 2, 3]), fromNested([2, 2, 2]))) // => [0, 1, 0]
 */
export const equal = ((a: Tensor, b: Tensor) => mul(greaterEqual(a, b), greaterEqual(b, a))) as Binary

/**
 * 1 where a ≠ b, else 0, entry by entry; NaN differs from everything. A constant to differentiation. One shape, one
 * number format.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.notEqual(fromNested([1, 2, 3]), fromNested([2, 2, 2]))) // => [1, 0, 1]
 */
export const notEqual = ((a: Tensor, b: Tensor) => shift(neg(equal(a, b)), 1)) as Binary
