import { leading } from '../../diff/mapped.ts'
import { type Operation, primitive } from '../../diff/primitive.ts'
import { ValueError } from '../../error/tensorError.ts'
import { entrywise } from '../elementwise/kernels.ts'
import { mul } from '../elementwise/mul.ts'
import { neg } from '../elementwise/neg.ts'
import { plain } from '../elementwise/option.ts'
import { tuned } from '../elementwise/scalarFunction.ts'
import { scale } from '../elementwise/scale.ts'
import { sigmoid } from '../elementwise/sigmoid.ts'
import type { Tuned, Unary } from '../signature.ts'

const checkedBeta = (beta = 1): number => {
  if (plain('softplus', beta) > 0 && beta < Number.POSITIVE_INFINITY) return beta
  throw new ValueError({ op: 'softplus', expected: 'a finite beta above 0', actual: `${beta}` })
}

/**
 * log(1 + exp(beta · x)) / beta, entry by entry: a smooth relu; beta is 1 unless given. Computed as max(0, x) + log(1 +
 * exp(−|beta · x|)) / beta, so that nothing overflows and small results keep their digits; PyTorch gives x itself where
 * beta · x > 20, which differs by less than 3e-9 / beta. The derivative is σ(beta · x). A beta that is not above zero
 * is a `ValueError`.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.softplus(fromNested([-1000, 1000]))) // => [0, 1000]
 */
export const softplus: Operation<Tuned> = /* @__PURE__ */ tuned('softplus', checkedBeta, (d, x, beta) =>
  mul(d, sigmoid(beta === 1 ? x : scale(x, beta))),
)

const softplusKernel = /* @__PURE__ */ entrywise('softplus')

/**
 * log σ(x) = −log(1 + e⁻ˣ), entry by entry, without the underflow of σ. The derivative is σ(−x).
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.logSigmoid(fromNested([-1000, 1000]))) // => [-1000, 0]
 */
export const logSigmoid = /* @__PURE__ */ primitive<Unary>(
  'logSigmoid',
  (x) => softplusKernel(x, -1),
  (_, x) =>
    function logSigmoidPullback(d) {
      return [() => mul(d, sigmoid(neg(x)))]
    },
  leading,
)
