import { leaves, rebuild, type Tree } from '../tree/tree.ts'
import type { AnyTensor } from '../type/tensor.ts'
import type { Diff } from './diff.ts'
import { type Call, innermost, nextId, outside, Traced, traced } from './trace.ts'

/**
 * A `Diff` as a plain function that differentiation can go through, recorded as one call: its own pullback is used. The
 * inverse of `vjp`: vjp(lift(d)) is d, lift(vjp(f)) is f.
 *
 * @example
 * import { type Diff, fromNested, grad, item, lift, op, type Tensor } from 'pullback'
 * const twice: Diff<Tensor<readonly []>, Tensor<readonly []>> = (x) => [op.scale(x, 2), (d) => op.scale(d, 2)]
 * item(grad((x: Tensor<readonly []>) => lift(twice)(op.mul(x, x)))(fromNested(3))) // => 12
 */
export const lift = <A extends Tree, B extends Tree>(diff: Diff<A, B>, name = 'lift'): ((a: A) => B) => {
  const call = (a: A): B => {
    const args = leaves(a)
    const trace = innermost(args)
    if (trace === 0) return diff(a)[0]
    const inner = rebuild(
      a,
      args.map((x) => outside(trace, x) as AnyTensor),
    )
    const [value, back] = diff(inner)
    const outputs = leaves(value)
    const node: Call = {
      id: nextId(),
      name,
      parents: args.map((x) => traced(trace, x)),
      outputs,
      pullback: (cotangents) => leaves(back(rebuild(value, cotangents))).map((d) => () => d),
    }
    return rebuild(
      value,
      outputs.map((_, i) => new Traced(trace, node, i) as unknown as AnyTensor),
    )
  }
  return call
}
