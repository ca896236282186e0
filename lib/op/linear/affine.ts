import { type Operation, primitive } from '../../diff/primitive.ts'
import { ShapeError } from '../../error/tensorError.ts'
import { engine } from '../../kernel/current.ts'
import { floatDType, sameDType } from '../../tensor/data.ts'
import { showShape } from '../../tensor/shape.ts'
import { fresh, raw } from '../../tensor/view.ts'
import type { Float, Tensor } from '../../type/tensor.ts'
import { add } from '../elementwise/add.ts'
import { spread, sum } from '../reduce/sum.ts'
import { fold, unfold } from '../shape/reshape.ts'
import { transpose } from '../shape/transpose.ts'
import { matmul } from './matmul.ts'

type Affine = <B extends number, I extends number, O extends number, D extends Float>(
  x: Tensor<readonly [B, I], D>,
  W: Tensor<readonly [O, NoInfer<I>], NoInfer<D>>,
  b: Tensor<readonly [NoInfer<O>], NoInfer<D>>,
) => Tensor<readonly [B, O], D>

const affineShape = (x: Tensor, W: Tensor, b: Tensor): readonly [number, number] => {
  floatDType('affine', x)
  sameDType('affine', x, W)
  sameDType('affine', x, b)
  const [o, i] = W.shape
  if (W.shape.length !== 2 || x.shape.length !== 2 || x.shape[1] !== i || b.shape.length !== 1 || b.shape[0] !== o)
    throw new ShapeError({
      op: 'affine',
      expected: 'x [batch, in], W [out, in], b [out]',
      actual: `${showShape(x.shape)}, ${showShape(W.shape)}, ${showShape(b.shape)}`,
    })
  return [x.shape[0] as number, o as number]
}

/**
 * X Wᵀ + 1bᵀ: a linear map of each example of a minibatch, x [batch, in], by W [out, in], and b [out] added to each.
 * Backward, the gradient of b is the sum over the batch.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.affine(fromNested([[1, 2]]), fromNested([[3, 4]]), fromNested([5]))) // => [[16]]
 */
export const affine: Operation<Affine> = /* @__PURE__ */ primitive<Affine>(
  'affine',
  (x, W, b) => fresh(affineShape(x, W, b), engine().affine(raw(x), raw(W), raw(b))),
  (_, x, W) =>
    function affinePullback(d) {
      return [() => matmul(d, W), () => matmul(transpose(d), x), () => sum(d, 0)]
    },
  ({ size, args: [x, W, b], mapped: [, ...parameters], outer }) => {
    const shape = affineShape(x, W, b)
    if (parameters.includes(true)) return add(matmul(x, transpose(W)), spread(b, [0], shape) as typeof x)
    return unfold(affine(fold(outer[0]) as typeof x, W, b), size, shape[0])
  },
)
