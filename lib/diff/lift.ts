import { TracedError } from '../error/tensorError.ts'
import { zeros } from '../tensor/create.ts'
import { checkCotangent } from '../tree/checkCotangent.ts'
import { leaves, rebuild, type Tree, zipTrees } from '../tree/tree.ts'
import type { AnyTensor } from '../type/tensor.ts'
import { Boxed, innermost, nextId, outside } from './boxed.ts'
import type { Diff } from './diff.ts'
import { allOf, Mapped, type Mapping, mapped } from './mapped.ts'
import { type Call, type Thunk, Traced, traced } from './trace.ts'

/**
 * Turns a `Diff` into a plain function that can be differentiated; it is recorded as one call with its own pullback.
 * The inverse of `vjp`: vjp(lift(d)) is d, lift(vjp(f)) is f. It must depend on its argument alone: closing over a
 * tensor of the same derivative is a `TracedError`. Within `vmap` it runs once for all examples, and so does its
 * pullback.
 *
 * @example
 * import { type Diff, fromNested, grad, item, lift, op, type Tensor } from 'pullback'
 * const twice: Diff<Tensor<readonly []>, Tensor<readonly []>> = (x) => [op.scale(x, 2), (d) => op.scale(d, 2)]
 * item(grad((x: Tensor<readonly []>) => lift(twice)(op.mul(x, x)))(fromNested(3))) // => 12
 */
export const lift = <A extends Tree, B extends Tree>(diff: Diff<A, B>, name = 'lift'): ((a: A) => B) =>
  liftThunks<A, B>((a) => {
    const [value, back] = diff(a)
    const pullback = (db: B): readonly Thunk[] => {
      const ds = back(db)
      checkCotangent(`pullback of ${name}`, a, ds, 'a cotangent', 'the argument')
      return leaves(ds).map((d) => () => d)
    }
    return [value, pullback]
  }, name)

/**
 * A value, and a pullback to a thunk for each tensor of the argument: cotangents that nobody asks for are not computed.
 */
export type Thunks<A, B> = (a: A) => readonly [value: B, pullback: (db: B) => readonly Thunk[]]

/** `lift` for a pullback to thunks. */
export const liftThunks = <A extends Tree, B extends Tree>(pull: Thunks<A, B>, name: string): ((a: A) => B) => {
  const call = (a: A): B => {
    const args = leaves(a)
    const box = innermost(args)
    if (box === undefined) {
      const [value] = pull(a)
      leaves(value, name)
      return value
    }
    const { level } = box
    const inner = rebuild(
      a,
      args.map((x) => outside(level, x) as AnyTensor),
    )
    if (box instanceof Mapped) {
      const all = lift(forAll(wholly(pull), box.mapping, a, name), name)(inner)
      return rebuild(
        all,
        leaves(all).map((y) => mapped(box.mapping, y)),
      )
    }
    const [value, back] = pull(inner)
    const outputs = leaves(value, name)
    for (const y of outputs as readonly unknown[])
      if (y instanceof Boxed && y.level >= level)
        throw new TracedError({
          op: name,
          expected: 'a function of its argument alone',
          actual: 'one that has closed over a traced tensor',
          code: 'leaked',
          remedy: 'make that tensor a part of the argument',
        })
    const node: Call = {
      id: nextId(),
      name,
      parents: args.map((x) => traced(level, x)),
      outputs,
      pullback: (cotangents) => back(rebuild(value, cotangents)),
    }
    return rebuild(
      value,
      outputs.map((_, i) => new Traced(level, node, i) as unknown as AnyTensor),
    )
  }
  return call
}

const wholly =
  <A extends Tree, B extends Tree>(pull: Thunks<A, B>): Diff<A, B> =>
  (a) => {
    const [value, back] = pull(a)
    return [
      value,
      (db) =>
        rebuild(
          a,
          back(db).map((thunk) => thunk()),
        ),
    ]
  }

/**
 * A `Diff` of one example as a `Diff` of all examples: both directions run on mapped tensors. A tensor shared by all
 * examples gets the sum of their cotangents. `like` is the argument of one example: its mapped tensors come with the
 * axis of examples in front.
 */
const forAll =
  <A extends Tree, B extends Tree>(diff: Diff<A, B>, mapping: Mapping, like: A, name: string): Diff<A, B> =>
  (a) => {
    const isMapped = (x: unknown): boolean => x instanceof Mapped && x.level === mapping.level
    const [value, back] = diff(zipTrees(like, a, (x, all) => (isMapped(x) ? mapped(mapping, all) : all)))
    const onAll = (tree: B): B =>
      rebuild(
        tree,
        leaves(tree, name).map((y) => allOf(mapping, y)),
      )
    const pullback = (db: B): A => {
      const da = back(
        rebuild(
          db,
          leaves(db).map((d) => mapped(mapping, d)),
        ),
      )
      checkCotangent(`pullback of ${name}`, like, da, 'a cotangent', 'the argument')
      return zipTrees(like, da, (x, d) => {
        if (isMapped(x)) return allOf(mapping, d)
        return d.dtype === 'int32' ? zeros(x.shape, 'int32') : mapping.sum(allOf(mapping, d))
      })
    }
    return [onAll(value), pullback]
  }
