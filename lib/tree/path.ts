import { StructureError } from '../error/tensorError.ts'
import { isTensor } from '../tensor/view.ts'
import type { UnionToIntersection } from '../type/port.ts'
import type { AnyTensor } from '../type/tensor.ts'
import type { Tree } from './tree.ts'

type Name<P> = P extends readonly unknown[] ? `${number}` : keyof P & string
type Child<P, K> = P extends readonly (infer T)[] ? T : K extends keyof P ? P[K] : never

/** The dotted names of a tree's tensors: `'L1.W' | 'L1.b' | …`. */
export type Path<P> = P extends AnyTensor
  ? never
  : { [K in Name<P>]: Child<P, K> extends AnyTensor ? K : `${K}.${Path<Child<P, K>>}` }[Name<P>]

/** The dotted names of a tree's tensors and of the records within it: `'L1' | 'L1.W' | …`. */
export type Node<P> = P extends AnyTensor
  ? never
  : { [K in Name<P>]: Child<P, K> extends AnyTensor ? K : K | `${K}.${Node<Child<P, K>>}` }[Name<P>]

/** What lies at a dotted name. */
export type At<P, N extends string> = N extends `${infer K}.${infer R}` ? At<Child<P, K>, R> : Child<P, N>

/** A tree as one flat record, by dotted names. */
export type Flat<P> = { readonly [K in Path<P>]: At<P, K> }

type Nest<N extends string, T> = N extends `${infer K}.${infer R}`
  ? { readonly [k in K]: Nest<R, T> }
  : { readonly [k in N]: T }
type Merge<T> = T extends AnyTensor ? T : { readonly [K in keyof T]: Merge<T[K]> }

/** The nested record of a flat one. */
export type Unflat<F> = Merge<UnionToIntersection<{ [N in keyof F & string]: Nest<N, F[N]> }[keyof F & string]>>

/**
 * A tree as one flat record, by dotted names in order.
 *
 * @example
 * import { tree, zeros } from 'pullback'
 * Object.keys(tree.flatten({ L1: { W: zeros([2, 2]), b: zeros([2]) } })) // => ['L1.W', 'L1.b']
 */
export const flatten = <P extends Tree>(tree: P): Flat<P> => {
  const found: [string, AnyTensor][] = []
  const go = (t: Tree, path: readonly string[]): void => {
    if (isTensor(t)) found.push([path.join('.'), t])
    else
      for (const [name, child] of Object.entries(t)) {
        if (name === '' || name.includes('.'))
          throw new StructureError({ op: 'flatten', expected: 'names without dots', actual: `'${name}'`, path })
        go(child, [...path, name])
      }
  }
  go(tree, [])
  return Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : 1))) as Flat<P>
}

/**
 * The nested records of a flat one with dotted names. Arrays come back as records named '0', '1', …. A name that is both a
 * tensor and a record is a `StructureError`.
 *
 * @example
 * import { tree, zeros } from 'pullback'
 * tree.unflatten({ 'L1.W': zeros([2, 3]) }).L1.W.shape // => [2, 3]
 */
export const unflatten = <F extends { readonly [name: string]: AnyTensor }>(flat: F): Unflat<F> => {
  const gather = (entries: readonly (readonly [readonly string[], AnyTensor])[], path: readonly string[]): Tree => {
    const groups = new Map<string, (readonly [readonly string[], AnyTensor])[]>()
    for (const [[head, ...rest], t] of entries) {
      const group = groups.get(head as string) ?? []
      groups.set(head as string, [...group, [rest, t]])
    }
    return Object.fromEntries(
      Array.from(groups, ([name, group]) => {
        const [[rest, t]] = group as [readonly [readonly string[], AnyTensor]]
        if (group.length === 1 && rest.length === 0) return [name, t]
        if (group.some(([r]) => r.length === 0))
          throw new StructureError({
            op: 'unflatten',
            expected: `'${[...path, name].join('.')}' to be a tensor or a record`,
            actual: 'both',
          })
        return [name, gather(group, [...path, name])]
      }),
    )
  }
  const entries = Object.entries(flat).map(([name, t]) => [name.split('.'), t] as const)
  return gather(entries, []) as Unflat<F>
}
