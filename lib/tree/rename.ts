import { StructureError } from '../error/tensorError.ts'
import type { AnyTensor } from '../type/tensor.ts'
import { eachOnce } from './name.ts'
import { type At, flatten, type Node, type Path, type Unflat, unflatten } from './path.ts'
import { checkPath } from './select.ts'
import type { Tree } from './tree.ts'

/** The name of a tensor after renaming it or a record around it. */
type NewName<K extends string, M> = {
  [N in keyof M & string]: K extends N ? M[N] : K extends `${N}.${infer R}` ? `${M[N] & string}.${R}` : never
}[keyof M & string] extends infer New
  ? [New] extends [never]
    ? K
    : New & string
  : never
/** The tree after renaming. */
export type Renamed<P, M> = Unflat<{ readonly [K in Path<P> as NewName<K, M>]: At<P, K> }>

/**
 * Renames some of a tree's tensors or records, by dotted names. Arrays come back as records. A name that does not
 * exist, two tensors with one name, and renamed names within each other are a `StructureError`.
 *
 * @example
 * import { tree, zeros } from 'pullback'
 * const params = { L1: { W: zeros([3, 4]), b: zeros([3]) }, L2: { W: zeros([2, 3]) } }
 * const renamed = tree.rename(params, { L1: 'enc.first', 'L2.W': 'out' })
 * Object.keys(tree.flatten(renamed)) // => ['enc.first.W', 'enc.first.b', 'out']
 */
export const rename = <P extends Tree, const M extends { readonly [N in Node<P>]?: string }>(
  tree: P,
  names: M,
): Renamed<P, M> => {
  const changes = Object.entries(names as { readonly [name: string]: string })
  for (const [from] of changes) {
    checkPath('rename', tree, from)
    const inner = changes.find(([other]) => other.startsWith(`${from}.`))
    if (inner !== undefined)
      throw new StructureError({
        op: 'rename',
        expected: 'names that do not contain each other',
        actual: `'${inner[0]}' within '${from}'`,
        code: 'duplicate-name',
      })
  }
  const renamed = Object.entries(flatten(tree) as { readonly [name: string]: AnyTensor }).map(([path, tensor]) => {
    const change = changes.find(([from]) => path === from || path.startsWith(`${from}.`))
    return [change === undefined ? path : `${change[1]}${path.slice(change[0].length)}`, tensor] as const
  })
  return unflatten(Object.fromEntries(eachOnce('rename', renamed))) as Renamed<P, M>
}
