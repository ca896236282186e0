import type { Tree } from '../tree/tree.ts'
import { grad, type ScalarFunction } from './grad.ts'
import { linearize } from './linearize.ts'

/**
 * The value of a function and its derivative along a direction (Jacobian-vector product). Use `linearize` for several
 * directions.
 *
 * @example
 * import { fromNested, jvp, op, toNested, type Tensor } from 'pullback'
 * const [, dy] = jvp((x: Tensor<readonly [2]>) => op.mul(x, x))(fromNested([3, 4]), fromNested([1, 10]))
 * toNested(dy) // => [6, 80]
 */
export const jvp =
  <A extends Tree, B extends Tree>(f: (a: A) => B) =>
  (a: A, da: A): readonly [value: B, tangent: B] => {
    const [b, push] = linearize(f)(a)
    return [b, push(da)]
  }

/**
 * The product of the Hessian of a function to a scalar with a vector: the derivative of the gradient along v.
 *
 * @example
 * import { fromNested, hvp, op, toNested, type Tensor } from 'pullback'
 * const f = (x: Tensor<readonly [2]>) => op.sum(op.mul(x, op.mul(x, x)))
 * toNested(hvp(f)(fromNested([1, 2]), fromNested([1, 1]))) // => [6, 12]
 */
export const hvp =
  <A extends Tree>(f: ScalarFunction<A>) =>
  (a: A, v: A): A =>
    jvp(grad(f))(a, v)[1]
