import { scoped } from '../diff/scope.ts'
import type { Tree } from '../tree/tree.ts'
import { customVjp } from './customVjp.ts'
import { vjp } from './vjp.ts'

/**
 * A function with the same values and derivatives that keeps nothing for going back but its argument: what lies between is
 * computed again when the pullback is called. Memory for time, about one forward more. Nests.
 *
 * It must be a function of its argument alone: one that has closed over a tensor of the same derivative is a `TracedError`.
 *
 * @example
 * import { checkpoint, fromNested, grad, op, toNested, type Tensor } from 'pullback'
 * const block = (x: Tensor<readonly [2]>) => op.mul(x, x)
 * toNested(grad((x: Tensor<readonly [2]>) => op.sum(checkpoint(block)(x)))(fromNested([3, 4]))) // => [6, 8]
 */
export const checkpoint = <A extends Tree, B extends Tree>(f: (a: A) => B): ((a: A) => B) =>
  customVjp(
    (a: A) => scoped(() => f(a)),
    (_, a) => (db) => scoped(() => vjp(f)(a)[1](db)),
    f.name === '' ? 'checkpoint' : `checkpoint ${f.name}`,
  )
