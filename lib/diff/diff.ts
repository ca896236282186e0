import type { Category2 } from '#fp/Category'

/**
 * A differentiable function: its value, and the pullback, which carries a cotangent of the value back to the cotangent
 * of the argument (the vector-Jacobian product). The pullback is linear and may be called any number of times.
 */
export type Diff<A, B> = (a: A) => readonly [value: B, pullback: (db: B) => A]

/**
 * The identity function with its derivative.
 *
 * @example
 * import { identityDiff } from 'pullback'
 * identityDiff<number>()(3)[1](5) // => 5
 */
export const identityDiff =
  <A>(): Diff<A, A> =>
  (a) => [a, (da) => da]

/**
 * The chain rule: forward f, then g; backward the pullback of g, then that of f. Associative, with `identityDiff` as
 * its unit.
 *
 * @example
 * import { chainRule, type Diff } from 'pullback'
 * const square: Diff<number, number> = (x) => [x * x, (d) => 2 * x * d]
 * const fourth = chainRule(square, square)
 * fourth(3)[0] // => 81
 * fourth(3)[1](1) // => 108
 */
export const chainRule =
  <A, B, C>(f: Diff<A, B>, g: Diff<B, C>): Diff<A, C> =>
  (a) => {
    const [b, fBack] = f(a)
    const [c, gBack] = g(b)
    return [c, (dc) => fBack(gBack(dc))]
  }

declare module 'fp-ts/HKT' {
  interface URItoKind2<E, A> {
    readonly Diff: Diff<E, A>
  }
}

/**
 * Differentiable functions as an fp-ts `Category`: `id` is `identityDiff`, `compose` is `chainRule` with the arguments
 * in fp-ts's order, the last function first.
 *
 * @example
 * import { categoryDiff, type Diff } from 'pullback'
 * const square: Diff<number, number> = (x) => [x * x, (d) => 2 * x * d]
 * const double: Diff<number, number> = (x) => [2 * x, (d) => 2 * d]
 * categoryDiff.compose(square, double)(3)[0] // => 36
 * categoryDiff.compose(square, double)(3)[1](1) // => 24
 */
export const categoryDiff: Category2<'Diff'> = {
  URI: 'Diff',
  id: identityDiff,
  compose: (g, f) => chainRule(f, g),
}
