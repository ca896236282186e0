import { untraced } from '../../diff/untraced.ts'
import { ones } from '../../tensor/create.ts'
import { floatDType, sameDType } from '../../tensor/data.ts'
import { checkSame } from '../../tensor/shape.ts'
import type { Float, Shape, Tensor } from '../../type/tensor.ts'
import { maskAbove } from '../activation/relu.ts'
import { add } from './add.ts'
import { neg } from './neg.ts'
import { shift } from './scale.ts'

/**
 * The entry of a where the condition is above 0, else that of b, even if the entry not taken is NaN; the cotangent of
 * that entry is 0. The condition is a constant to differentiation. One shape, one number format.
 *
 * The cotangent 0 goes on through the function that made the entry not taken, and 0 times an infinite or NaN derivative
 * is NaN. If f is smooth only where the condition holds, give it no other arguments: `where(c, f(where(c, x, safe)),
 * …)`, for some `safe` at which f is smooth.
 *
 * @example
 * import { fromNested, grad, ones, op, type Tensor, toNested } from 'pullback'
 * const x = fromNested([4, -4])
 * toNested(op.where(x, op.sqrt(x), x)) // => [2, -4]
 * const root = (x: Tensor) => op.sum(op.where(x, op.sqrt(x), x))
 * toNested(grad(root)(x)) // => [0.25, NaN]
 * const safeRoot = (x: Tensor) => op.sum(op.where(x, op.sqrt(op.where(x, x, ones(x.shape, x.dtype))), x))
 * toNested(grad(safeRoot)(x)) // => [0.25, 1]
 */
export const where = <S extends Shape, D extends Float>(
  condition: Tensor<S, D>,
  a: Tensor<NoInfer<S>, NoInfer<D>>,
  b: Tensor<NoInfer<S>, NoInfer<D>>,
): Tensor<S, D> => {
  floatDType('where', condition)
  for (const x of [a, b]) {
    sameDType('where', condition, x)
    checkSame('where', condition, x)
  }
  const taken = maskAbove(ones<Shape, Float>(condition.shape, condition.dtype), untraced(condition)) as Tensor<S, D>
  return add(maskAbove(a, taken), maskAbove(b, shift(neg(taken), 1)))
}
