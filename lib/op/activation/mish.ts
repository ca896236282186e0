import { fused } from '../../diff/primitive.ts'
import { further } from '../../kernel/wasm/set/further.ts'
import type { Tensor } from '../../type/tensor.ts'
import { add } from '../elementwise/add.ts'
import { pairwise } from '../elementwise/kernels.ts'
import { mul } from '../elementwise/mul.ts'
import { unary } from '../elementwise/scalarFunction.ts'
import { sigmoid } from '../elementwise/sigmoid.ts'
import { tanh, tanhSlope } from '../elementwise/tanh.ts'
import { bounded } from './hardtanh.ts'
import { softplus } from './softplus.ts'

/** d · (tanh(u) + x σ(x) tanh′(u)) for u = softplus(x). */
const mishPullback = /* @__PURE__ */ fused(
  (d: Tensor, x: Tensor): Tensor => {
    const u = softplus(x)
    return mul(d, add(tanh(u), tanhSlope(mul(bounded(x), sigmoid(x)), u)))
  },
  /* @__PURE__ */ pairwise('mishPullback', further),
)

/**
 * x tanh(log(1 + eˣ)), entry by entry; 0 for −∞. Misra 2019; as PyTorch's `mish`.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.mish(fromNested([0, 1000]))) // => [0, 1000]
 */
export const mish = /* @__PURE__ */ unary('mish', (d, x) => mishPullback(d, x), further)
