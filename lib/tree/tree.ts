import { StructureError, within } from '../error/tensorError.ts'
import { describe, remedyFor } from '../tensor/data.ts'
import { isTensor } from '../tensor/view.ts'
import type { AnyTensor } from '../type/tensor.ts'

/**
 * A tensor, or a record or an array of trees: parameters, gradients, optimizer moments, minibatches. Declare a record's
 * type as a `type`: the compiler does not accept an `interface`, which is open to further names.
 */
export type Tree = AnyTensor | { readonly [name: string]: Tree } | readonly Tree[]

export type Branch = { readonly [name: string]: Tree }

/** True for a plain record or an array, not for a Map, a Promise or other objects. */
export const isBranch = (t: unknown): t is Branch => {
  if (typeof t !== 'object' || t === null || isTensor(t)) return false
  const proto = Object.getPrototypeOf(t)
  return proto === null || Array.isArray(t) || Object.getPrototypeOf(proto) === null
}

/** The own names of a record or an array. Any value but a tree is an error. */
export const namesOf = (op: string, t: unknown): readonly string[] => {
  const remedy = remedyFor(t)
  if (isBranch(t) && remedy === undefined) return Object.keys(t)
  throw new StructureError({
    op,
    expected: 'a tensor, or a record or an array of them',
    actual: describe(t),
    code: 'not-a-tensor',
    remedy,
  })
}

/** The records around a place in a tree, innermost first. */
export interface Around {
  readonly record: unknown
  readonly around: Around | undefined
}

/** Adds a record to those around its parts. A record that contains itself is an error. */
export const inside = (op: string, record: unknown, around: Around | undefined): Around => {
  for (let outer = around; outer !== undefined; outer = outer.around)
    if (outer.record === record)
      throw new StructureError({
        op,
        expected: 'a tree without cycles',
        actual: Array.isArray(record) ? 'an array that contains itself' : 'a record that contains itself',
        remedy: 'remove the name that leads back',
      })
  return { record, around }
}

const inOrder = (names: readonly string[]): boolean => {
  for (let i = 1; i < names.length; i++) if ((names[i - 1] as string) > (names[i] as string)) return false
  return true
}

/**
 * The names of a record in sorted order, so that records built in another order line up; those of an array in its own
 * order.
 */
const ordered = (op: string, t: Tree): readonly string[] => {
  const names = namesOf(op, t)
  return Array.isArray(t) || inOrder(names) ? names : [...names].sort()
}

/** A record or an array with the names of another. */
const branch = (like: Branch, f: (name: string) => Tree): Tree => {
  const made = (Array.isArray(like) ? [...like] : { ...like }) as Record<string, Tree>
  for (const name of Object.keys(like)) made[name] = f(name)
  return made
}

/** A tree of the same structure, with `f` applied to each tensor. */
export const mapTree = <T extends Tree>(tree: T, f: (t: AnyTensor) => AnyTensor): T => {
  const go = (t: Tree, around?: Around): Tree => {
    if (isTensor(t)) return f(t)
    namesOf('map', t)
    const here = inside('map', t, around)
    return branch(t as Branch, (name) => within(name, () => go((t as Branch)[name] as Tree, here)))
  }
  return go(tree) as T
}

/**
 * Zips two trees of the same structure by name. A name that only one of them has is a `StructureError` that says where.
 */
export const zipTrees = <T extends Tree>(
  a: T,
  b: NoInfer<T>,
  f: (x: AnyTensor, y: AnyTensor) => AnyTensor,
  op = 'zipWith',
): T => {
  const go = (x: Tree, y: Tree, around?: Around): Tree => {
    if (isTensor(x) && isTensor(y)) return f(x, y)
    checkNames(op, x, y)
    const here = inside(op, x, around)
    return branch(x as Branch, (name) =>
      within(name, () => go((x as Branch)[name] as Tree, (y as Branch)[name] as Tree, here)),
    )
  }
  return go(a, b) as T
}

/**
 * Zips trees of the same structure by name into several trees: `f` maps the tensors at each place to one tensor per
 * result.
 */
export const zipMany = <T extends Tree>(
  op: string,
  trees: readonly [T, ...NoInfer<T>[]],
  results: number,
  f: (...tensors: AnyTensor[]) => readonly AnyTensor[],
): readonly T[] => {
  const go = ([first, ...others]: readonly [Tree, ...Tree[]], around?: Around): readonly Tree[] => {
    if (isTensor(first) && others.every(isTensor)) return f(first, ...others)
    for (const other of others) checkNames(op, first, other)
    const here = inside(op, first, around)
    const at = (name: string) => (t: Tree) => (t as Branch)[name] as Tree
    const children = branch(first as Branch, (name) =>
      within(name, () => go([at(name)(first), ...others.map(at(name))], here)),
    ) as { readonly [name: string]: readonly Tree[] }
    return Array.from({ length: results }, (_, r) => branch(first as Branch, (name) => children[name]?.[r] as Tree))
  }
  return go(trees) as readonly T[]
}

/** The names of `x`, checked to be exactly those of `y`. */
export const checkNames = (op: string, x: Tree, y: Tree): readonly string[] => {
  const names = isTensor(x) ? undefined : namesOf(op, x)
  if (names !== undefined && !isTensor(y)) {
    const same = namesOf(op, y).length === names.length && names.every((name) => Object.hasOwn(y, name))
    if (same && Array.isArray(x) === Array.isArray(y)) return names
  }
  throw new StructureError({
    op,
    expected: describe(x),
    actual: describe(y),
    code: 'structure-mismatch',
    remedy: remedyFor(y),
  })
}

/**
 * The tensors of a tree with their paths of names, in the order of `leaves`.
 *
 * @example
 * import { tree, zeros } from 'pullback'
 * tree.entries({ L1: { b: zeros([2]) } })[0]?.[0] // => ['L1', 'b']
 */
export const entries = (
  tree: Tree,
  op = 'leaves',
): readonly (readonly [path: readonly string[], tensor: AnyTensor])[] => {
  const found: (readonly [readonly string[], AnyTensor])[] = []
  const go = (t: Tree, path: readonly string[], around?: Around): void => {
    if (isTensor(t)) found.push([path, t])
    else {
      const here = inside(op, t, around)
      for (const name of ordered(op, t)) within(name, () => go((t as Branch)[name] as Tree, [...path, name], here))
    }
  }
  go(tree, [])
  return found
}

/**
 * The tensors of a tree in the order of their names. Any value but a tree is a `StructureError`.
 *
 * @example
 * import { tree, zeros } from 'pullback'
 * tree.leaves({ b: zeros([2]), W: zeros([3]) }).map((t) => t.size) // => [3, 2]
 */
export const leaves = (tree: Tree, op = 'leaves'): readonly AnyTensor[] => {
  const found: AnyTensor[] = []
  const go = (t: Tree, around?: Around): void => {
    if (isTensor(t)) found.push(t)
    else {
      const here = inside(op, t, around)
      for (const name of ordered(op, t)) within(name, () => go((t as Branch)[name] as Tree, here))
    }
  }
  go(tree)
  return found
}

/**
 * A tree of the structure of `like` with other tensors, given in the order of the names: the inverse of `leaves`. A
 * wrong number of tensors is a `StructureError`.
 *
 * @example
 * import { ones, tree, zeros } from 'pullback'
 * tree.rebuild({ b: zeros([2]), W: zeros([3]) }, [ones([3]), ones([2])]).b.size // => 2
 */
export const rebuild = <T extends Tree>(like: T, tensors: readonly AnyTensor[]): T => {
  let next = 0
  const go = (t: Tree, around?: Around): Tree => {
    if (isTensor(t)) return tensors[next++] as AnyTensor
    const here = inside('rebuild', t, around)
    const part = (name: string): Tree => within(name, () => go((t as Branch)[name] as Tree, here))
    // Built in the order of the names, stored in the order of the record.
    const made = new Map(ordered('rebuild', t).map((name) => [name, part(name)]))
    return branch(t as Branch, (name) => made.get(name) as Tree)
  }
  const result = go(like)
  if (next !== tensors.length)
    throw new StructureError({
      op: 'rebuild',
      expected: `${next} tensors`,
      actual: `${tensors.length}`,
      code: 'size-mismatch',
    })
  return result as T
}
