import type { Group } from '#fp/Group'
import { zeros } from '../../tensor/create.ts'
import { item } from '../../tensor/to.ts'
import { leaves, mapTree, type Tree, zipTrees } from '../../tree/tree.ts'
import type { Tensor } from '../../type/tensor.ts'
import { cast } from '../elementwise/cast.ts'
import { mul } from '../elementwise/mul.ts'
import { neg } from '../elementwise/neg.ts'
import { scale } from '../elementwise/scale.ts'
import { sum } from '../reduce/sum.ts'
import { addTrees } from './addTrees.ts'

/**
 * A vector space over the numbers with an inner product, on top of an fp-ts `Group`: `concat` adds, `empty` is zero,
 * `inverse` negates.
 */
export interface VectorSpace<A> extends Group<A> {
  readonly scale: (k: number, a: A) => A
  readonly dot: (a: A, b: A) => number
}

/**
 * Trees of one structure, such as parameters and their gradients, as vectors.
 *
 * @example
 * import { concatAll } from 'fp-ts/lib/Monoid.js'
 * import { fromNested, getVectorSpace, toNested } from 'pullback'
 * const a = { W: fromNested([[1, 2]]), b: fromNested([3]) }
 * const V = getVectorSpace(a)
 * toNested(concatAll(V)([a, a, V.scale(10, a)]).W) // => [[12, 24]]
 * V.dot(a, a) // => 14
 */
export const getVectorSpace = <P extends Tree>(like: P): VectorSpace<P> => ({
  concat: (a, b) => addTrees(a, b),
  empty: mapTree(like, (t) => zeros(t.shape, t.dtype)),
  inverse: (a) => mapTree(a, (x) => neg(x as Tensor)),
  scale: (k, a) => mapTree(a, (x) => scale(x as Tensor, k)),
  dot: (a, b) => {
    const products = zipTrees(a, b, (x, y) => sum(mul(cast(x, 'float64'), cast(y, 'float64'))))
    return leaves(products).reduce((s, t) => s + item(t as Tensor<readonly []>), 0)
  },
})
