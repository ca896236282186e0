import type { Diff } from '../diff/diff.ts'
import { checkCotangent } from '../tree/checkCotangent.ts'
import { leaves, mapTree, type Tree } from '../tree/tree.ts'
import { backward, cotangentsOf, record, zerosLike } from './record.ts'

/** A tree of zeros of the same structure. */
export const zerosOf = <T extends Tree>(tree: T): T => mapTree(tree, zerosLike)

/**
 * The derivative of a plain function on trees of tensors: the backward pass is inferred from the forward pass. Returns
 * the value and the pullback (vector-Jacobian product). The pullback is itself made of operations, so it can be
 * differentiated in turn, to any order. Cotangents of integers are zeros.
 *
 * A result that is not a tree of tensors, or a cotangent that does not fit the value, is an error.
 *
 * @example
 * import { fromNested, op, toNested, vjp, type Tensor } from 'pullback'
 * const [y, back] = vjp((x: Tensor<readonly [2]>) => op.mul(x, x))(fromNested([3, 4]))
 * toNested(y) // => [9, 16]
 * toNested(back(fromNested([1, 10]))) // => [6, 80]
 */
export const vjp =
  <A extends Tree, B extends Tree>(f: (a: A) => B): Diff<A, B> =>
  (a) => {
    const { value, roots, results } = record('vjp', f, a)
    const pullback = (db: B): A => {
      checkCotangent('pullback', value, db)
      return cotangentsOf(a, roots, backward(results, leaves(db))())
    }
    return [value, pullback]
  }
