import { fused } from '../../diff/primitive.ts'
import { further } from '../../kernel/wasm/set/further.ts'
import type { Tensor } from '../../type/tensor.ts'
import { pairwise } from '../elementwise/kernels.ts'
import { mul } from '../elementwise/mul.ts'
import { neg } from '../elementwise/neg.ts'
import { unary } from '../elementwise/scalarFunction.ts'
import { shift } from '../elementwise/scale.ts'
import { sigmoid } from '../elementwise/sigmoid.ts'
import { bounded } from './hardtanh.ts'

/** d · σ(x) (1 + x σ(−x)). */
const siluPullback = /* @__PURE__ */ fused(
  (d: Tensor, x: Tensor): Tensor => mul(d, mul(sigmoid(x), shift(mul(bounded(x), sigmoid(neg(x))), 1))),
  /* @__PURE__ */ pairwise('siluPullback', further),
)

/**
 * x σ(x), entry by entry, also called swish; 0 for −∞. The derivative is σ(x) (1 + x σ(−x)). Hendrycks and Gimpel 2016;
 * as PyTorch's `silu`.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.silu(fromNested([0, 1000]))) // => [0, 1000]
 */
export const silu = /* @__PURE__ */ unary('silu', (d, x) => siluPullback(d, x), further)
