import { checkOptions } from '../error/options.ts'
import { checkInitial } from '../initializer/checkInitial.ts'
import { fanIn } from '../initializer/fanIn.ts'
import type { Initializer } from '../initializer/initializer.ts'
import type { Layer, Leaf } from '../layer/layer.ts'
import { fromPull } from '../layer/stateless.ts'
import { affine } from '../op/linear/affine.ts'
import { checkShape } from '../tensor/shape.ts'
import type { Tensor } from '../type/tensor.ts'

/** The parameters of a linear map: a row of weights and a bias for each output. */
export type LinearParams<I extends number, O extends number> = {
  readonly W: Tensor<readonly [O, I]>
  readonly b: Tensor<readonly [O]>
}

/**
 * X Wᵀ + 1bᵀ: a linear map of each example, [batch, in] to [batch, out]. W is [out, in], b is [out]; the gradient of b
 * is the sum over the batch. Both are drawn uniformly from ±1/√in, as in PyTorch, unless other initializers are given.
 *
 * An input that is not [batch, in] is a `ShapeError`.
 *
 * @example
 * import { init, key, linear, predict, zeros } from 'pullback'
 * const layer = linear(3, 2)
 * predict(layer, init(layer, key(0)), zeros([5, 3])).shape // => [5, 2]
 */
export const linear = <const I extends number, const O extends number>(
  inputs: I,
  outputs: O,
  initial: { readonly W?: Initializer | undefined; readonly b?: Initializer | undefined } = {},
): Layer<readonly [I], readonly [O], LinearParams<I, O>> => {
  checkShape('linear', [inputs, outputs])
  checkOptions('linear', initial, ['W', 'b'])
  checkInitial('linear', initial, ['W', 'b'])
  const draw = fanIn(inputs)
  const W: Leaf<readonly [O, I]> = { shape: [outputs, inputs], draw: initial.W ?? draw }
  const b: Leaf<readonly [O]> = { shape: [outputs], draw: initial.b ?? draw }
  return fromPull<readonly [I], readonly [O], LinearParams<I, O>>('linear', [inputs], { W, b }, affine.pull as never)
}
