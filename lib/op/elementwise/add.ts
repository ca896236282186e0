import { leading } from '../../diff/mapped.ts'
import { primitive } from '../../diff/primitive.ts'
import type { FitsShape, Meet, ShowShape } from '../../type/shape.ts'
import type { Float, Shape, Tensor } from '../../type/tensor.ts'
import { pairwise } from './kernels.ts'
import { plain } from './option.ts'
import { binary } from './scalarFunction.ts'
import { scale } from './scale.ts'

/**
 * a + b, entry by entry. One shape, one number format: a `ShapeError` or a `DTypeError` otherwise.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.add(fromNested([1, 2]), fromNested([3, 4]))) // => [4, 6]
 */
export const add = /* @__PURE__ */ binary(
  'add',
  (d) => d,
  (d) => d,
)

interface AddScaled {
  <S extends Shape, D extends Float>(a: Tensor<S, D>, b: Tensor<NoInfer<S>, NoInfer<D>>, k: number): Tensor<S, D>
  <A extends Shape, B extends Shape, D extends Float>(
    a: Tensor<A, D>,
    b: FitsShape<A, B> extends true
      ? Tensor<B, NoInfer<D>>
      : `needs the shape ${ShowShape<A>} of the first, but is given ${ShowShape<B>}`,
    k: number,
  ): Tensor<Meet<A, B>, D>
}

const addScaledKernel = /* @__PURE__ */ pairwise('addScaled')

/**
 * a + k · b for a plain number k, in one pass. One shape, one number format.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.addScaled(fromNested([1, 2]), fromNested([3, 4]), 10)) // => [31, 42]
 */
export const addScaled = /* @__PURE__ */ primitive<AddScaled>(
  'addScaled',
  (a, b, k) => addScaledKernel(a, b, plain('addScaled', k)),
  (_, __, ___, k) =>
    function addScaledPullback(d) {
      return [() => d, () => scale(d, k)]
    },
  leading,
)
