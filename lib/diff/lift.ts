import { TracedError } from '../error/tensorError.ts'
import { checkCotangent, leaves, rebuild, type Tree } from '../tree/tree.ts'
import type { AnyTensor } from '../type/tensor.ts'
import type { Diff } from './diff.ts'
import { type Call, innermost, nextId, outside, Traced, traced } from './trace.ts'

/**
 * A `Diff` as a plain function that differentiation can go through, recorded as one call: its own pullback is used. The
 * inverse of `vjp`: vjp(lift(d)) is d, lift(vjp(f)) is f. It must be a function of its argument alone: one that has closed over
 * a tensor of the same derivative is a `TracedError`.
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
    const outputs = leaves(value, name)
    for (const y of outputs as readonly unknown[])
      if (y instanceof Traced && y.trace >= trace)
        throw new TracedError({
          op: name,
          expected: 'a function of its argument alone',
          actual: 'one that has closed over a traced tensor',
          remedy: 'make that tensor a part of the argument',
        })
    const node: Call = {
      id: nextId(),
      name,
      parents: args.map((x) => traced(trace, x)),
      outputs,
      pullback: (cotangents) => {
        const ds = back(rebuild(value, cotangents))
        checkCotangent(`pullback of ${name}`, inner, ds)
        return leaves(ds).map((d) => () => d)
      },
    }
    return rebuild(
      value,
      outputs.map((_, i) => new Traced(trace, node, i) as unknown as AnyTensor),
    )
  }
  return call
}
