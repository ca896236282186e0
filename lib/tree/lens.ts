import { StructureError } from '../error/tensorError.ts'
import { isTensor } from '../tensor/view.ts'
import type { At, Node } from './path.ts'
import type { Tree } from './tree.ts'

/** Access to a part of a record: how to read it, and how to replace it. As in monocle-ts. */
export interface Lens<S, A> {
  readonly get: (s: S) => A
  readonly set: (a: A) => (s: S) => S
}

type Branch = { readonly [name: string]: unknown }

const child = (t: unknown, name: string, path: string): unknown => {
  if (typeof t === 'object' && t !== null && !isTensor(t) && Object.hasOwn(t, name)) return (t as Branch)[name]
  throw new StructureError({
    op: 'at',
    expected: `a record with '${path}'`,
    actual: `one without '${name}'`,
    code: 'unknown-name',
  })
}

/**
 * The lens for a dotted name of a tensor or a record of tensors. A name missing from the tree's type is a compile
 * error.
 *
 * @example
 * import { ones, toArray, tree, zeros } from 'pullback'
 * const params = { L1: { W: zeros([2, 2]), b: zeros([2]) } }
 * const bias = tree.at<typeof params>()('L1.b')
 * toArray(bias.set(ones([2]))(params).L1.b) // => [1, 1]
 */
export const at =
  <P extends Tree>() =>
  <const N extends Node<P>>(path: N): Lens<P, At<P, N>> => {
    const names = path.split('.')
    const put = (t: unknown, [name, ...rest]: readonly string[], a: unknown): unknown => {
      if (name === undefined) return a
      const value = put(child(t, name, path), rest, a)
      return Array.isArray(t) ? t.with(Number(name), value) : { ...(t as Branch), [name]: value }
    }
    return {
      get: (tree) => names.reduce((t: unknown, name) => child(t, name, path), tree) as At<P, N>,
      set: (a) => (tree) => put(tree, names, a) as P,
    }
  }

/**
 * Lifts a function on the part to a function on the whole.
 *
 * @example
 * import { fromNested, op, toArray, tree } from 'pullback'
 * const params = { L1: { b: fromNested([1, 2]) } }
 * const doubled = tree.modify(tree.at<typeof params>()('L1.b'), (b) => op.scale(b, 2))
 * toArray(doubled(params).L1.b) // => [2, 4]
 */
export const modify =
  <S, A>(lens: Lens<S, A>, f: (a: A) => A) =>
  (s: S): S =>
    lens.set(f(lens.get(s)))(s)
