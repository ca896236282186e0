import { checkCotangent } from '../tree/checkCotangent.ts'
import type { Tree } from '../tree/tree.ts'
import { vjp, zerosOf } from './vjp.ts'

/**
 * Maps directions of the argument to tangents of the value: the pullback of the pullback, which is linear in its
 * cotangent.
 */
export const pushforward = <A extends Tree, B extends Tree>(value: B, pullback: (db: B) => A): ((da: A) => B) => {
  const [zero, push] = vjp(pullback)(zerosOf(value))
  return (da) => {
    checkCotangent('pushforward', zero, da, 'a direction', 'the argument')
    return push(da)
  }
}

/**
 * The value of a function, and its derivative there as a linear function of the direction (Jacobian-vector product).
 * The forward pass is computed once, for any number of directions. It needs no rules of its own: the pullback is linear
 * in its cotangent, so the pullback of the pullback pushes forward. Directions and tangents of integers are zeros. A
 * direction that does not fit the argument is an error.
 *
 * @example
 * import { fromNested, linearize, op, toNested, type Tensor } from 'pullback'
 * const [y, push] = linearize((x: Tensor<readonly [2]>) => op.mul(x, x))(fromNested([3, 4]))
 * toNested(y) // => [9, 16]
 * toNested(push(fromNested([1, 0]))) // => [6, 0]
 * toNested(push(fromNested([0, 1]))) // => [0, 8]
 */
export const linearize =
  <A extends Tree, B extends Tree>(f: (a: A) => B) =>
  (a: A): readonly [value: B, pushforward: (da: A) => B] => {
    const [b, back] = vjp(f)(a)
    return [b, pushforward(b, back)]
  }
