import type { Operation } from '../../diff/primitive.ts'
import { further } from '../../kernel/wasm/set/further.ts'
import { floatDType } from '../../tensor/data.ts'
import type { Float, Shape, Tensor } from '../../type/tensor.ts'
import { add } from '../elementwise/add.ts'
import { mul } from '../elementwise/mul.ts'
import { neg } from '../elementwise/neg.ts'
import { binary } from '../elementwise/scalarFunction.ts'
import { sub } from '../elementwise/sub.ts'
import { broadcast } from '../reduce/sum.ts'
import type { Binary } from '../signature.ts'
import { maskAbove, relu } from './relu.ts'

/** x where x > 0, else a · x, for two tensors of one shape. */
const bent: Operation<Binary> = /* @__PURE__ */ binary(
  'prelu',
  (d, x, a) => {
    const passed = maskAbove(d, x)
    return add(passed, mul(a, sub(d, passed)))
  },
  (d, x) => neg(mul(d, relu(neg(x)))),
  further,
)

/**
 * x where x > 0, else a · x, entry by entry, for learned slopes a. Their shape is that of x or one that repeats to it,
 * such as [channels] for channels along the last axis. At zero the derivative by x is a, and the one by a is 0. He et
 * al. 2015; as PyTorch's `prelu`, whose channels are the second axis.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.prelu(fromNested([[-1, -1], [2, 2]]), fromNested([0.25, 0.5]))) // => [[-0.25, -0.5], [2, 2]]
 */
export const prelu = <S extends Shape, D extends Float>(
  x: Tensor<S, D>,
  a: Tensor<Shape, NoInfer<D>>,
): Tensor<S, D> => {
  floatDType('prelu', x)
  return bent(x, broadcast(a, x.shape) as Tensor<S, D>)
}
