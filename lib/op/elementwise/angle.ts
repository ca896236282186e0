import type { Operation } from '../../diff/primitive.ts'
import { untraced } from '../../diff/untraced.ts'
import { further } from '../../kernel/wasm/set/further.ts'
import type { Tensor } from '../../type/tensor.ts'
import type { Unary } from '../signature.ts'
import { abs } from './abs.ts'
import { add } from './add.ts'
import { div } from './div.ts'
import { maximum } from './maximum.ts'
import { mul } from './mul.ts'
import { neg } from './neg.ts'
import { binary, unary } from './scalarFunction.ts'

/**
 * sin(x), entry by entry, for x in radians: to 2 units in the last place for |x| up to 10⁶; a larger angle loses its
 * digits.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.sin(fromNested([0, Math.PI / 2]))) // => [0, 1]
 */
export const sin: Operation<Unary> = /* @__PURE__ */ unary('sin', (d, x) => mul(d, cos(x)), further)

/**
 * cos(x), entry by entry, for x in radians: to 2 units in the last place for |x| up to 10⁶; a larger angle loses its
 * digits.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.cos(fromNested([0, Math.PI]))) // => [1, -1]
 */
export const cos: Operation<Unary> = /* @__PURE__ */ unary('cos', (d, x) => neg(mul(d, sin(x))), further)

/** d · a / (x² + y²), with x and y in units of the larger, whose squares neither overflow nor vanish. */
const share = (d: Tensor, a: Tensor, y: Tensor, x: Tensor): Tensor => {
  const unit = untraced(maximum(abs(x), abs(y)))
  const [u, v] = [div(x, unit), div(y, unit)]
  return div(div(mul(d, div(a, unit)), add(mul(u, u), mul(v, v))), unit)
}

/**
 * The angle of the point (x, y) in radians, from −π to π: the arctangent of y / x in the right quadrant. Its derivative
 * at the origin is NaN. One shape, one number format.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.atan2(fromNested([0, 0], 'float64'), fromNested([1, -1], 'float64'))) // => [0, Math.PI]
 */
export const atan2 = /* @__PURE__ */ binary(
  'atan2',
  (d, y, x) => share(d, x, y, x),
  (d, y, x) => neg(share(d, y, y, x)),
  further,
)
