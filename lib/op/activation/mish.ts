import { leading } from '../../diff/mapped.ts'
import { fused, primitive } from '../../diff/primitive.ts'
import type { Tensor } from '../../type/tensor.ts'
import { add } from '../elementwise/add.ts'
import { mapped, zipped } from '../elementwise/elementwise.ts'
import { mul } from '../elementwise/mul.ts'
import { sigmoid } from '../elementwise/sigmoid.ts'
import { tanh, tanhSlope } from '../elementwise/tanh.ts'
import type { Unary } from '../signature.ts'
import { bounded } from './hardtanh.ts'
import { softplus } from './softplus.ts'

/** d · (tanh(u) + x σ(x) tanh′(u)) for u = softplus(x), as a composite of operations: its definition. */
const mishPullbackComposite = (d: Tensor, x: Tensor): Tensor => {
  const u = softplus(x)
  return mul(d, add(tanh(u), tanhSlope(mul(bounded(x), sigmoid(x)), u)))
}

const pullback = fused(mishPullbackComposite, zipped('mishPullback'))

/**
 * x tanh(log(1 + eˣ)), entry by entry. 0 for −∞. Misra 2019; as PyTorch's `mish`.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.mish(fromNested([0, 1000]))) // => [0, 1000]
 */
export const mish = /* @__PURE__ */ primitive<Unary>(
  'mish',
  mapped('mish'),
  (_, x) =>
    function mishPullback(d) {
      return [() => pullback(d, x)]
    },
  leading,
)
