import { StructureError, within } from '../../error/tensorError.ts'
import type { At } from '../../tree/path.ts'
import { checkPath, divide, overlay, type Without } from '../../tree/select.ts'
import type { Branch, Tree } from '../../tree/tree.ts'
import { checkState } from '../check.ts'
import {
  checkTransformation,
  type StateFn,
  type StateOf,
  type Transformation,
  transformed,
  updated,
  withApply,
} from '../transformation.ts'

type Groups = { readonly [path: string]: StateFn }

/** The state of each group, by its path, and the state of the rest. */
export interface PartitionState<F extends StateFn, G extends Groups, P> {
  readonly groups: { readonly [N in keyof G]: StateOf<G[N], At<P, N & string>> }
  readonly rest: StateOf<F, Without<P, keyof G & string>>
}
export interface Partitioned<F extends StateFn, G extends Groups> extends StateFn {
  readonly state: PartitionState<F, G, this['params']>
}

type Any = Transformation<StateFn>
type States = { readonly groups: { readonly [path: string]: unknown }; readonly rest: unknown }

/** The subtree at a path that is known to exist. */
const partAt = (tree: Tree, path: string): Tree =>
  path.split('.').reduce((t: Tree, name) => (t as Branch)[name] as Tree, tree)

/** The tree that holds only the part at a path. */
const alone = (path: string, part: Tree): Tree => path.split('.').reduceRight((t: Tree, name) => ({ [name]: t }), part)

const checkApart = (paths: readonly string[]): void => {
  for (const a of paths)
    for (const b of paths)
      if (b.startsWith(`${a}.`))
        throw new StructureError({
          op: 'partition',
          expected: 'groups that do not overlap',
          actual: `'${b}' within '${a}'`,
          code: 'duplicate-name',
        })
}

/**
 * Applies a separate transformation to each of some parts of the parameters, named by their paths, and one to the rest.
 * Each sees only its own part: a clipping norm is the norm of the part. A path that does not exist and groups that
 * overlap are a `StructureError`.
 *
 * @example
 * import { adam, partition, sgd, zeros } from 'pullback'
 * const t = partition(adam(1e-3), { enc: sgd(1e-4), 'head.b': sgd(1e-2, { momentum: 0.9 }) })
 * const state = t.init({ enc: { W: zeros([2, 2]) }, head: { W: zeros([1, 2]), b: zeros([1]) } })
 * state.groups['head.b'][0].velocity.shape // => [1]
 * Object.keys(state.rest[0].mu.head) // => ['W']
 */
export const partition = <F extends StateFn, const G extends Groups>(
  rest: Transformation<F>,
  groups: { readonly [N in keyof G]: Transformation<G[N]> },
): Transformation<Partitioned<F, G>> => {
  const named = Object.entries(groups as unknown as { readonly [path: string]: Any })
  const paths = named.map(([path]) => path)
  checkApart(paths)
  checkTransformation('partition', rest)
  for (const [path, t] of named) within(path, () => checkTransformation('partition', t))
  const remainder = (tree: Tree): Tree => divide('partition', tree, paths)[1] ?? {}
  const check = (tree: Tree): void => {
    for (const path of paths) checkPath('partition', tree, path)
  }
  type Apply = (t: Any, updates: Tree, state: unknown, params: Tree) => readonly [Tree, unknown]
  const run =
    (apply: Apply) =>
    (updates: Tree, states: States, params: Tree): readonly [Tree, States] => {
      for (const tree of [params, updates]) check(tree)
      checkState('partition', states, ['groups', 'rest'])
      checkState('partition', states.groups, paths)
      const done = named.map(([path, t]) => {
        const [part, state] = within(path, () =>
          apply(t, partAt(updates, path), states.groups[path], partAt(params, path)),
        )
        return { path, part: alone(path, part), state }
      })
      const [others, state] = apply(rest as unknown as Any, remainder(updates), states.rest, remainder(params))
      const all = overlay(updates, others, ...done.map(({ part }) => part))
      return [all, { groups: Object.fromEntries(done.map((d) => [d.path, d.state])), rest: state }]
    }
  const init = (params: Tree): States => {
    check(params)
    return {
      groups: Object.fromEntries(named.map(([path, t]) => [path, t.init(partAt(params, path))])),
      rest: rest.init(remainder(params)),
    }
  }
  const partitioned = { init, update: run(transformed) }
  return withApply(
    partitioned as unknown as Transformation<Partitioned<F, G>>,
    run(updated) as unknown as Transformation<Partitioned<F, G>>['update'],
  )
}
