import { ShapeError } from '../error/tensorError.ts'
import { ones } from '../tensor/create.ts'
import { showShape } from '../tensor/shape.ts'
import type { Tree } from '../tree/tree.ts'
import type { Tensor } from '../type/tensor.ts'
import { vjp } from './vjp.ts'

/** A function from a tree of tensors to one number. */
export type ScalarFunction<A extends Tree> = (a: A) => Tensor<readonly []>

/**
 * The value and the gradient of a function to a scalar. The gradient has the structure of the argument.
 *
 * @example
 * import { fromNested, item, op, toNested, valueAndGrad, type Tensor } from 'pullback'
 * const [value, gradient] = valueAndGrad((x: Tensor<readonly [2]>) => op.sum(op.mul(x, x)))(fromNested([3, 4]))
 * item(value) // => 25
 * toNested(gradient) // => [6, 8]
 */
export const valueAndGrad =
  <A extends Tree>(f: ScalarFunction<A>) =>
  (a: A): readonly [value: Tensor<readonly []>, gradient: A] => {
    const [y, back] = vjp(f)(a)
    if (y.shape.length !== 0)
      throw new ShapeError({
        op: 'grad',
        expected: 'a function to a scalar',
        actual: showShape(y.shape),
        code: 'not-a-scalar',
        remedy: 'take its sum, or use vjp',
      })
    return [y, back(ones([], y.dtype))]
  }

/**
 * The gradient of a function to a scalar: a function that returns a gradient of the structure of its argument. Nests.
 *
 * @example
 * import { fromNested, grad, item, op, type Tensor } from 'pullback'
 * const cube = (x: Tensor<readonly []>) => op.mul(x, op.mul(x, x))
 * item(grad(cube)(fromNested(2))) // => 12
 * item(grad(grad(cube))(fromNested(2))) // => 12
 * item(grad(grad(grad(cube)))(fromNested(2))) // => 6
 */
export const grad =
  <A extends Tree>(f: ScalarFunction<A>) =>
  (a: A): A =>
    valueAndGrad(f)(a)[1]
