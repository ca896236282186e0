import type { HKT, Kind, Kind2, URIS, URIS2 } from 'fp-ts/HKT'
import type { Applicative, Applicative1, Applicative2 } from '#fp/Applicative'
import type { AnyTensor } from '../type/tensor.ts'
import { leaves, rebuild, type Tree } from './tree.ts'

/**
 * Visits the tensors of a tree in the order of their names, with an effect, and collects the results in a tree of the
 * same structure: with `Either` a check that may fail, with `TaskEither` a load, with `Option` a lookup.
 *
 * @example
 * import * as O from 'fp-ts/lib/Option.js'
 * import { tree, zeros } from 'pullback'
 * const small = tree.traverse(O.Applicative)({ b: zeros([2]) }, (t) => (t.size < 9 ? O.some(t) : O.none))
 * O.isSome(small) // => true
 */
export function traverse<F extends URIS2>(
  F: Applicative2<F>,
): <T extends Tree, E>(tree: T, f: (t: AnyTensor) => Kind2<F, E, AnyTensor>) => Kind2<F, E, T>
export function traverse<F extends URIS>(
  F: Applicative1<F>,
): <T extends Tree>(tree: T, f: (t: AnyTensor) => Kind<F, AnyTensor>) => Kind<F, T>
export function traverse<F>(F: Applicative<F>) {
  return <T extends Tree>(tree: T, f: (t: AnyTensor) => HKT<F, AnyTensor>): HKT<F, T> => {
    const all = leaves(tree).reduce(
      (found, t) =>
        F.ap(
          F.map(found, (ts) => (u: AnyTensor) => [...ts, u]),
          f(t),
        ),
      F.of([] as readonly AnyTensor[]),
    )
    return F.map(all, (ts) => rebuild(tree, ts))
  }
}
