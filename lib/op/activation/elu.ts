import { fused, type Operation } from '../../diff/primitive.ts'
import { further } from '../../kernel/wasm/set/further.ts'
import type { Tensor } from '../../type/tensor.ts'
import { exp } from '../elementwise/exp.ts'
import { pairwise } from '../elementwise/kernels.ts'
import { mul } from '../elementwise/mul.ts'
import { neg } from '../elementwise/neg.ts'
import { finite } from '../elementwise/option.ts'
import { tuned } from '../elementwise/scalarFunction.ts'
import { scale } from '../elementwise/scale.ts'
import type { Tuned, Unary } from '../signature.ts'
import { maskLeaky } from './leakyRelu.ts'
import { relu } from './relu.ts'

/** d where x > 0, else d · alpha · eˣ. The composite does not raise e to large numbers. */
const eluPullback = /* @__PURE__ */ fused(
  (d: Tensor, x: Tensor, alpha: number): Tensor => maskLeaky(mul(d, exp(neg(relu(neg(x))))), x, alpha),
  /* @__PURE__ */ pairwise('eluPullback', further),
)

/**
 * x where x > 0, else alpha · (eˣ − 1), entry by entry; alpha is 1 unless given. At zero the derivative is alpha, and
 * the second derivative 0. An alpha that is not finite is a `ValueError`. Clevert et al. 2015; as PyTorch's `elu`.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.elu(fromNested([-100, 2]))) // => [-1, 2]
 */
export const elu: Operation<Tuned> = /* @__PURE__ */ tuned(
  'elu',
  (alpha = 1) => finite('elu', 'alpha', alpha),
  (d, x, alpha) => eluPullback(d, x, alpha),
  further,
)

/**
 * 1.0507 · elu(x, 1.6733). With these numbers, layers keep mean 0 and variance 1 if weights are drawn by `lecunNormal`.
 * The derivative at zero is that from below, 1.7581. Klambauer et al. 2017; as PyTorch's `selu`.
 *
 * @example
 * import { fromNested, op, toArray } from 'pullback'
 * toArray(op.selu(fromNested([-100, 1]))).map((y) => y.toFixed(4)) // => ['-1.7581', '1.0507']
 */
export const selu: Unary = (x) => scale(elu(x, 1.6732632423543772), 1.0507009873554805)
