import { leading } from '../../diff/mapped.ts'
import { fused, primitive } from '../../diff/primitive.ts'
import type { Tensor } from '../../type/tensor.ts'
import { mapped, zipped } from '../elementwise/elementwise.ts'
import { mul } from '../elementwise/mul.ts'
import { neg } from '../elementwise/neg.ts'
import { shift } from '../elementwise/scale.ts'
import { sigmoid } from '../elementwise/sigmoid.ts'
import type { Unary } from '../signature.ts'
import { bounded } from './hardtanh.ts'

/** d · σ(x) (1 + x σ(−x)) as a composite of operations: its definition. */
const siluPullbackComposite = (d: Tensor, x: Tensor): Tensor =>
  mul(d, mul(sigmoid(x), shift(mul(bounded(x), sigmoid(neg(x))), 1)))

const pullback = fused(siluPullbackComposite, zipped('siluPullback'))

/**
 * x σ(x), entry by entry, also called swish. 0 for −∞. Derivative σ(x) (1 + x σ(−x)). Hendrycks and Gimpel 2016; as PyTorch's
 * `silu`.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.silu(fromNested([0, 1000]))) // => [0, 1000]
 */
export const silu = /* @__PURE__ */ primitive<Unary>(
  'silu',
  mapped('silu'),
  (_, x) =>
    function siluPullback(d) {
      return [() => pullback(d, x)]
    },
  leading,
)
