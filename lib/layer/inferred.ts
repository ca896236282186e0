import { backward, cotangentsOf, record } from '../transform/record.ts'
import { checkCotangent } from '../tree/checkCotangent.ts'
import { leaves, type Tree } from '../tree/tree.ts'
import { type Cotangents, lazy } from './layer.ts'

type Given<P, X> = { readonly params: P; readonly x: X }

/**
 * The value of a function of parameters and a minibatch, made of operations, and its pullback. The cotangents of the
 * parameters are computed without those of the minibatch, which the first layer of a network does not need, and vice
 * versa.
 */
export const inferred = <P extends Tree, X extends Tree, Y extends Tree>(
  op: string,
  f: (given: Given<P, X>) => Y,
  given: Given<P, X>,
): readonly [value: Y, pullback: (dy: Y) => Cotangents<P, X>] => {
  const { value, roots, results } = record<Given<P, X>, Y>(op, f, given)
  const count = leaves(given.params).length // The leaves of the parameters come first.
  const [params, inputs] = [roots.slice(0, count), roots.slice(count)]
  const pullback = (dy: Y): Cotangents<P, X> => {
    checkCotangent(op, value, dy)
    const to = backward(results, leaves(dy))
    return {
      params: lazy(() => cotangentsOf(given.params, params, to(params))),
      input: lazy(() => cotangentsOf(given.x, inputs, to(inputs))),
    }
  }
  return [value, pullback]
}
