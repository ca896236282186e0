import { lift } from '../diff/lift.ts'
import { isTraced } from '../diff/untraced.ts'
import { leaves, type Tree } from '../tree/tree.ts'

/**
 * A function with a derivative of one's own: `pullback` gives, of the value and the argument, the function from cotangents of
 * the value to those of the argument. `f` itself is not looked into: its numbers may come from anywhere, and its derivative may
 * be any. Where the pullback is written with operations it can be differentiated in turn. `gradCheck` of the function tells whether
 * the rule is right.
 *
 * It must be a function of its argument alone: one that has closed over a tensor of the same derivative is a `TracedError`; and
 * so it is within `vmap` if it reads numbers. A cotangent that does not fit the argument is an error with the function's name.
 *
 * @param name what errors call it, the name of `f` unless given
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
    const value = leaves(a, name).some(isTraced) ? call(a) : f(a) // for outer derivatives too, the rule is all that is known
    return [value, pullback(value, a)] as const
  }, name)
  return call
}
