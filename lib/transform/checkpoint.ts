import { scoped } from '../diff/scope.ts'
import type { Tree } from '../tree/tree.ts'
import { customVjp } from './customVjp.ts'
import { vjp } from './vjp.ts'

/**
 * A function with the same values and derivatives that keeps only its argument for the backward pass: intermediate
 * values are computed again when the pullback is called. It trades time for memory, about one more forward pass. Nests.
 *
 * The function must depend on its argument alone: closing over a tensor of the same derivative is a `TracedError`.
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
