import { further } from '../../kernel/wasm/set/further.ts'
import { zeros } from '../../tensor/create.ts'
import { unary } from '../elementwise/scalarFunction.ts'
import { sub } from '../elementwise/sub.ts'
import type { Unary } from '../signature.ts'
import { greater } from './compare.ts'

const flat = (d: { readonly shape: readonly number[]; readonly dtype: 'float32' | 'float64' }) =>
  zeros(d.shape, d.dtype)

/**
 * ⌊x⌋, entry by entry: the largest whole number that is not above x. The derivative is taken as 0 everywhere.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.floor(fromNested([1.5, -1.5]))) // => [1, -2]
 */
export const floor = /* @__PURE__ */ unary('floor', flat, further)

/**
 * The nearest whole number, entry by entry; of two at the same distance the even one, as in NumPy and PyTorch. The
 * derivative is taken as 0 everywhere.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.round(fromNested([0.5, 1.5, -1.2]))) // => [0, 2, -1]
 */
export const round = /* @__PURE__ */ unary('round', flat, further)

/**
 * 1 where x is above 0, −1 where it is below, else 0; 0 for NaN, as in PyTorch. A constant to differentiation.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.sign(fromNested([-3, 0, 5]))) // => [-1, 0, 1]
 */
export const sign: Unary = (x) => {
  const zero = zeros(x.shape, x.dtype)
  return sub(greater(x, zero), greater(zero, x)) as never
}
