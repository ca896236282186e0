import { leading } from '../../diff/mapped.ts'
import { fused, primitive } from '../../diff/primitive.ts'
import type { Tensor } from '../../type/tensor.ts'
import { mapped, zipped } from '../elementwise/elementwise.ts'
import { exp } from '../elementwise/exp.ts'
import { mul } from '../elementwise/mul.ts'
import { neg } from '../elementwise/neg.ts'
import { finite } from '../elementwise/option.ts'
import { scale } from '../elementwise/scale.ts'
import type { Tuned, Unary } from '../signature.ts'
import { maskLeaky } from './leakyRelu.ts'
import { relu } from './relu.ts'

/** d where x > 0, else d · alpha · eˣ: its definition, in which e is not raised to large numbers. */
const pullbackComposite = (d: Tensor, x: Tensor, alpha: number): Tensor =>
  maskLeaky(mul(d, exp(neg(relu(neg(x))))), x, alpha)

const pullback = fused(pullbackComposite, zipped('eluPullback'))

/**
 * x where x > 0, else alpha · (eˣ − 1), entry by entry; alpha is 1 unless given. The derivative at zero is alpha, the second one
 * is 0 there. An alpha that is not finite is a `ValueError`. Clevert et al. 2015; as PyTorch's `elu`.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.elu(fromNested([-100, 2]))) // => [-1, 2]
 */
export const elu = /* @__PURE__ */ primitive<Tuned>(
  'elu',
  (x, alpha = 1) => mapped('elu')(x, finite('elu', 'alpha', alpha)),
  (_, x, alpha = 1) =>
    function eluPullback(d) {
      return [() => pullback(d, x, alpha)]
    },
  leading,
)

/**
 * 1.0507 · elu(x, 1.6733), with the numbers for which layers keep mean 0 and variance 1 if weights are drawn by `lecunNormal`. The
 * derivative at zero is that from below, 1.7581. Klambauer et al. 2017; as PyTorch's `selu`.
 *
 * @example
 * import { fromNested, op, toArray } from 'pullback'
 * toArray(op.selu(fromNested([-100, 1]))).map((y) => y.toFixed(4)) // => ['-1.7581', '1.0507']
 */
export const selu: Unary = (x) => scale(elu(x, 1.6732632423543772), 1.0507009873554805)
