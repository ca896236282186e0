import { StructureError } from '../error/tensorError.ts'
import { describe } from '../tensor/data.ts'
import { isTensor } from '../tensor/view.ts'
import type { Node } from './path.ts'
import { type Branch, isBranch, namesOf, type Tree } from './tree.ts'

/** The rest of those names N that lie within the record K. */
type Below<N extends string, K> = N extends `${K & string}.${infer R}` ? R : never
type Touched<N extends string, K> = [Below<N, K>] extends [never] ? false : true
type Head<N extends string> = N extends `${infer K}.${string}` ? K : N

/** The part of a tree at the names N. Parts of an array become a record, named '0', '1', …. */
export type Only<P, N extends string> = P extends readonly (infer T)[]
  ? { readonly [K in Head<N>]: K extends N ? T : Only<T, Below<N, K>> }
  : {
      readonly [K in keyof P as K extends N ? K : Touched<N, K> extends true ? K : never]: K extends N
        ? P[K]
        : Only<P[K], Below<N, K>>
    }

/**
 * A tree without the part at the names N and without emptied records. The rest of an array is a record of the possible
 * names.
 */
export type Without<P, N extends string> = P extends readonly (infer T)[]
  ? { readonly [index: `${number}`]: T }
  : { readonly [K in keyof P as [Left<P[K], N, K>] extends [never] ? never : K]: Left<P[K], N, K> }
type Left<Q, N extends string, K> = K extends N
  ? never
  : Touched<N, K> extends false
    ? Q
    : Without<Q, Below<N, K>> extends infer R
      ? [keyof R] extends [never]
        ? never
        : R
      : never

/** The two parts of a tree: the part at some names, and the rest; undefined for an empty part. */
type Parts = readonly [inside: Tree | undefined, outside: Tree | undefined]

const record = (parts: readonly (readonly [string, Tree | undefined])[]): Branch | undefined => {
  const some = parts.filter((part): part is readonly [string, Tree] => part[1] !== undefined)
  return some.length === 0 ? undefined : Object.fromEntries(some)
}

/** Divides a tree into both parts at once; errors name the operation `op`. */
export const divide = (op: string, tree: Tree, paths: readonly string[]): Parts => {
  const go = (t: Tree, names: readonly (readonly string[])[]): Parts => {
    if (names.length === 0) return [undefined, t]
    const whole = names.find((rest) => rest.length === 0)
    if (whole !== undefined) return [t, undefined]
    const own = isTensor(t) ? [] : namesOf(op, t)
    const parts = own.map((name) => {
      const rest = names.flatMap(([head, ...more]) => (head === name ? [more] : []))
      return [name, go((t as Branch)[name] as Tree, rest)] as const
    })
    return [record(parts.map(([name, [a]]) => [name, a])), record(parts.map(([name, [, b]]) => [name, b]))]
  }
  for (const path of paths) checkPath(op, tree, path)
  return go(
    tree,
    paths.map((path) => path.split('.')),
  )
}

/**
 * Checks a name: one that does not exist, and a value that is not a name, is an error that lists the existing names.
 */
export const checkPath = (op: string, tree: Tree, path: string): void => {
  if (typeof path !== 'string')
    throw new StructureError({
      op,
      expected: "dotted names, as in 'L1.W'",
      actual: describe(path),
      remedy: Array.isArray(path) ? 'give the names one by one, not in a list' : undefined,
    })
  let t: unknown = tree
  for (const name of path.split('.')) {
    if (!isBranch(t) || !Object.hasOwn(t, name))
      throw new StructureError({
        op,
        expected: isBranch(t) ? `one of ${describe(t)}` : 'no name within a tensor',
        actual: `'${name}' of '${path}'`,
        code: 'unknown-name',
      })
    t = t[name]
  }
}

/**
 * The part of a tree at some dotted names of tensors or whole records. Arrays come back as records named '0', '1', …. A
 * name that does not exist is a `StructureError`, and a compile error for trees of a known type.
 *
 * @example
 * import { tree, zeros } from 'pullback'
 * const params = { enc: { W: zeros([2, 3]), b: zeros([2]) }, out: { W: zeros([1, 2]) } }
 * Object.keys(tree.flatten(tree.only(params, 'enc.b', 'out'))) // => ['enc.b', 'out.W']
 */
export const only = <P extends Tree, const N extends Node<P>>(tree: P, ...paths: readonly N[]): Only<P, N> =>
  (divide('only', tree, paths)[0] ?? {}) as Only<P, N>

/**
 * A tree without the part at some dotted names: the complement of `only`. Emptied records are removed.
 *
 * @example
 * import { tree, zeros } from 'pullback'
 * const params = { enc: { W: zeros([2, 3]), b: zeros([2]) }, out: { W: zeros([1, 2]) } }
 * Object.keys(tree.flatten(tree.without(params, 'enc.b', 'out'))) // => ['enc.W']
 */
export const without = <P extends Tree, const N extends Node<P>>(tree: P, ...paths: readonly N[]): Without<P, N> =>
  (divide('without', tree, paths)[1] ?? {}) as Without<P, N>

/**
 * Replaces tensors of a tree by those of its parts: the inverse of `only` and `without`.
 *
 * @example
 * import { ones, toArray, tree, zeros } from 'pullback'
 * const params = { W: zeros([2]), b: zeros([1]) }
 * toArray(tree.overlay(params, { b: ones([1]) }).b) // => [1]
 */
export const overlay = <P extends Tree>(tree: P, ...parts: readonly Tree[]): P => {
  const put = (t: Tree | undefined, part: Tree, path: readonly string[]): Tree => {
    if (t === undefined || isTensor(t) !== isTensor(part))
      throw new StructureError({
        op: 'overlay',
        expected: t === undefined ? 'a name of the tree' : 'a tensor for a tensor, a record for a record',
        actual: `'${path.join('.')}'`,
        code: t === undefined ? 'unknown-name' : 'structure-mismatch',
      })
    if (isTensor(part)) return part
    const made = (Array.isArray(t) ? [...t] : { ...(t as Branch) }) as Record<string, Tree>
    for (const name of namesOf('overlay', part))
      made[name] = put(Object.hasOwn(t, name) ? (t as Branch)[name] : undefined, (part as Branch)[name] as Tree, [
        ...path,
        name,
      ])
    return made
  }
  return parts.reduce((t: Tree, part) => put(t, part, []), tree) as P
}
