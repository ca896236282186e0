import { lift } from '../diff/lift.ts'
import { isTraced } from '../diff/untraced.ts'
import { leaves, type Tree } from '../tree/tree.ts'

/**
 * A function with a custom derivative: `pullback` takes the value and the argument and returns the function from
 * cotangents of the value to those of the argument. `f` itself is never differentiated: it may read numbers and compute
 * them by any means, and its derivative may be any. If the pullback is written with operations, it can be
 * differentiated in turn. Check the rule with `gradCheck` of the function.
 *
 * The function must depend on its argument alone: closing over a tensor of the same derivative is a `TracedError`, and
 * so is reading numbers within `vmap`. A cotangent that does not fit the argument is an error with the function's name.
 *
 * @param name the name in errors, by default the name of `f`
 *
 * @example
 * import { customVjp, fromNested, grad, gradCheck, item, op, type Tensor } from 'pullback'
 * const softplus = customVjp(
 *   (x: Tensor<readonly []>) => op.log(op.shift(op.exp(x), 1)),
 *   (_, x) => (d) => op.mul(d, op.sigmoid(x)),
 * )
 * item(grad(softplus)(fromNested(0))) // => 0.5
 * gradCheck(softplus, fromNested(0.3)).pass // => true
 */
export const customVjp = <A extends Tree, B extends Tree>(
  f: (a: A) => B,
  pullback: (value: B, a: A) => (db: B) => A,
  name = f.name === '' ? 'customVjp' : f.name,
): ((a: A) => B) => {
  const call: (a: A) => B = lift((a: A) => {
    // For outer derivatives too, the rule is all that is known.
    const value = leaves(a, name).some(isTraced) ? call(a) : f(a)
    return [value, pullback(value, a)] as const
  }, name)
  return call
}
