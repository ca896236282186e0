import { leading } from '../../diff/mapped.ts'
import { primitive } from '../../diff/primitive.ts'
import { ValueError } from '../../error/tensorError.ts'
import type { Float, Shape, Tensor } from '../../type/tensor.ts'
import { entrywise } from '../elementwise/kernels.ts'
import { mul } from '../elementwise/mul.ts'
import { neg } from '../elementwise/neg.ts'
import { plain } from '../elementwise/option.ts'
import { scale, shift } from '../elementwise/scale.ts'
import type { Unary } from '../signature.ts'
import { maskAbove } from './relu.ts'

const atLeast = /* @__PURE__ */ entrywise('atLeast')
const atMost = /* @__PURE__ */ entrywise('atMost')

type Hardtanh = <S extends Shape, D extends Float>(x: Tensor<S, D>, min?: number, max?: number) => Tensor<S, D>

/**
 * min(max, max(min, x)), entry by entry, with bounds −1 and 1 unless given; NaN stays NaN. The derivative is 1 between
 * the bounds and 0 elsewhere, at the bounds too. A min that is not below max is a `ValueError`. As PyTorch's
 * `hardtanh`.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.hardtanh(fromNested([-3, 0.5, 3]))) // => [-1, 0.5, 1]
 */
export const hardtanh = /* @__PURE__ */ primitive<Hardtanh>(
  'hardtanh',
  (x, min = -1, max = 1) => {
    if (!(plain('hardtanh', min) < plain('hardtanh', max)))
      throw new ValueError({ op: 'hardtanh', expected: 'min < max', actual: `${min}, ${max}` })
    return atMost(atLeast(x, min), max)
  },
  (_, x, min = -1, max = 1) =>
    function hardtanhPullback(d) {
      return [() => maskAbove(maskAbove(d, x, min), neg(x), -max)]
    },
  leading,
)

/**
 * x clipped to ±1000, for the derivatives of functions that have reached their limits there. So ∞ · 0 does not occur in
 * them nor in their own derivatives.
 */
export const bounded = (x: Tensor): Tensor => hardtanh(x, -1000, 1000)

/**
 * min(6, max(0, x)), entry by entry. The derivative is 1 between 0 and 6 and 0 elsewhere, at 0 and 6 too. As PyTorch's
 * `relu6`.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.relu6(fromNested([-1, 2, 7]))) // => [0, 2, 6]
 */
export const relu6: Unary = (x) => hardtanh(x, 0, 6)

/**
 * min(1, max(0, (x + 3) / 6)), entry by entry. The derivative is 1/6 between −3 and 3 and 0 elsewhere, at ±3 too. As
 * PyTorch's `hardsigmoid`.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.hardsigmoid(fromNested([-4, 0, 4]))) // => [0, 0.5, 1]
 */
export const hardsigmoid: Unary = (x) => scale(shift(hardtanh(x, -3, 3), 3), 1 / 6)

/**
 * x · hardsigmoid(x), entry by entry: 0 up to −3, x from 3 on. The derivative is 0 at −3 and 1 at 3, where older
 * PyTorch has −1/2 and 3/2. Howard et al. 2019; as PyTorch's `hardswish`.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.hardswish(fromNested([-4, 0, 4]))) // => [0, 0, 4]
 */
export const hardswish: Unary = (x) => mul(x, hardsigmoid(x))
