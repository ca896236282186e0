import { StructureError } from '../error/tensorError.ts'
import type { UnionToIntersection } from '../type/port.ts'
import type { AnyTensor, SomeTensor } from '../type/tensor.ts'
import { entries, type Tree } from './tree.ts'

type Name<P> = P extends readonly unknown[] ? `${number}` : keyof P & string
type Child<P, K> = P extends readonly (infer T)[] ? T : K extends keyof P ? P[K] : never

/** The dotted names of a tree's tensors: `'L1.W' | 'L1.b' | …`. */
export type Path<P> = P extends SomeTensor
  ? never
  : { [K in Name<P>]: Child<P, K> extends SomeTensor ? K : `${K}.${Path<Child<P, K>>}` }[Name<P>]

/** The dotted names of a tree's tensors and of the records within it: `'L1' | 'L1.W' | …`. */
export type Node<P> = P extends SomeTensor
  ? never
  : { [K in Name<P>]: Child<P, K> extends SomeTensor ? K : K | `${K}.${Node<Child<P, K>>}` }[Name<P>]

/** The tensor or record at a dotted name. */
export type At<P, N extends string> = N extends `${infer K}.${infer R}` ? At<Child<P, K>, R> : Child<P, N>

/** A tree as one flat record of dotted names. */
export type Flat<P> = { readonly [K in Path<P>]: At<P, K> }

type Nest<N extends string, T> = N extends `${infer K}.${infer R}`
  ? { readonly [k in K]: Nest<R, T> }
  : { readonly [k in N]: T }
/** An intersection of records as one record. */
export type Merge<T> = T extends SomeTensor ? T : { readonly [K in keyof T]: Merge<T[K]> }

/** The nested record for a flat one. */
export type Unflat<F> = Merge<UnionToIntersection<{ [N in keyof F & string]: Nest<N, F[N]> }[keyof F & string]>>

/**
 * A tree as one flat record of dotted names, in order.
 *
 * @example
 * import { tree, zeros } from 'pullback'
 * Object.keys(tree.flatten({ L1: { W: zeros([2, 2]), b: zeros([2]) } })) // => ['L1.W', 'L1.b']
 */
export const flatten = <P extends Tree>(tree: P): Flat<P> =>
  Object.fromEntries(
    entries(tree, 'flatten').map(([path, t]) => {
      const bad = path.findIndex((name) => name === '' || name.includes('.'))
      if (bad >= 0)
        throw new StructureError({
          op: 'flatten',
          expected: 'names of at least one letter and without dots',
          actual: `'${path[bad]}'`,
          code: 'bad-name',
          path: path.slice(0, bad),
        })
      return [path.join('.'), t]
    }),
  ) as Flat<P>

/**
 * The nested record for a flat one with dotted names. Arrays come back as records named '0', '1', …. A name used for
 * both a tensor and a record is a `StructureError`.
 *
 * @example
 * import { tree, zeros } from 'pullback'
 * tree.unflatten({ 'L1.W': zeros([2, 3]) }).L1.W.shape // => [2, 3]
 */
export const unflatten = <F extends { readonly [name: string]: AnyTensor }>(flat: F): Unflat<F> => {
  type Part = readonly [rest: readonly string[], tensor: AnyTensor]
  const gather = (parts: readonly Part[], path: readonly string[]): Tree => {
    const groups = new Map<string, Part[]>()
    for (const [[head = '', ...rest], t] of parts) {
      if (head === '')
        throw new StructureError({
          op: 'unflatten',
          expected: 'names of at least one letter',
          actual: "''",
          code: 'bad-name',
          path,
        })
      const group = groups.get(head) ?? []
      groups.set(head, group)
      group.push([rest, t])
    }
    const child = ([name, group]: readonly [string, readonly Part[]]): readonly [string, Tree] => {
      const whole = group.find(([rest]) => rest.length === 0)
      if (whole === undefined) return [name, gather(group, [...path, name])]
      if (group.length === 1) return [name, whole[1]]
      throw new StructureError({
        op: 'unflatten',
        expected: `'${[...path, name].join('.')}' to be a tensor or a record`,
        actual: 'both',
        code: 'duplicate-name',
      })
    }
    return Object.fromEntries([...groups].map(child))
  }
  return gather(
    Object.entries(flat).map(([name, t]) => [name.split('.'), t]),
    [],
  ) as Unflat<F>
}
