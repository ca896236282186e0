import { leading } from '../../diff/mapped.ts'
import { type Operation, primitive } from '../../diff/primitive.ts'
import { further } from '../../kernel/wasm/set/further.ts'
import type { Float, Shape, Tensor } from '../../type/tensor.ts'
import { pairwise } from '../elementwise/kernels.ts'
import { finite } from '../elementwise/option.ts'
import { tuned } from '../elementwise/scalarFunction.ts'
import type { Tuned } from '../signature.ts'

type Gate = <S extends Shape, D extends Float>(d: Tensor<S, D>, x: Tensor<S, D>, slope: number) => Tensor<S, D>

/** d where x > 0, else slope · d. Linear in d, constant in x. */
export const maskLeaky: Operation<Gate> = /* @__PURE__ */ primitive<Gate>(
  'maskLeaky',
  /* @__PURE__ */ pairwise('maskLeaky', further),
  (_, __, x, slope) =>
    function maskLeakyPullback(d) {
      return [() => maskLeaky(d, x, slope)]
    },
  leading,
)

/**
 * x where x > 0, else slope · x, entry by entry; the slope is 0.01 unless given. The derivative is 1 above zero and the
 * slope elsewhere, at zero too. A slope that is not finite is a `ValueError`. As PyTorch's `leaky_relu`.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.leakyRelu(fromNested([-4, 2]), 0.25)) // => [-1, 2]
 */
export const leakyRelu: Operation<Tuned> = /* @__PURE__ */ tuned(
  'leakyRelu',
  (slope = 0.01) => finite('leakyRelu', 'slope', slope),
  (d, x, slope) => maskLeaky(d, x, slope),
  further,
)
