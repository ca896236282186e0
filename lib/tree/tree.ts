import { ShapeError, StructureError, within } from '../error/tensorError.ts'
import { sameShape, showShape } from '../tensor/shape.ts'
import { isTensor } from '../tensor/view.ts'
import type { AnyTensor } from '../type/tensor.ts'

/** A tensor, or a record or an array of trees: parameters, gradients, optimizer moments, minibatches. */
export type Tree = AnyTensor | { readonly [name: string]: Tree } | readonly Tree[]

type Branch = { readonly [name: string]: Tree }

/** A record's or an array's own names. Anything but a tree is an error. */
const namesOf = (op: string, t: unknown): readonly string[] => {
  if (typeof t === 'object' && t !== null && !isTensor(t)) return Object.keys(t)
  throw new StructureError({ op, expected: 'a tensor, or a record or an array of them', actual: describe(t) })
}

const describe = (t: unknown): string => {
  if (isTensor(t)) return `a tensor ${showShape(t.shape)}`
  if (typeof t !== 'object' || t === null) return typeof t === 'function' ? 'a function' : String(t)
  const names = Object.keys(t).sort()
  return names.length === 0 ? 'an empty record' : `the names ${names.join(', ')}`
}

/** Records are ordered by name, never by position, so that those built in another order still line up; arrays as they are. */
const ordered = (op: string, t: Tree): readonly string[] => {
  const names = namesOf(op, t)
  return Array.isArray(t) ? names : [...names].sort()
}

const branch = (t: unknown, names: readonly string[], f: (name: string, i: number) => Tree): Tree =>
  Array.isArray(t) ? names.map(f) : Object.fromEntries(names.map((name, i) => [name, f(name, i)]))

/**
 * A tree of the same structure, each tensor replaced by `f` of it.
 *
 * @example
 * import { op, type Tensor, toArray, tree, zeros } from 'pullback'
 * toArray(tree.map({ b: zeros([2]) }, (t) => op.shift(t as Tensor, 1)).b) // => [1, 1]
 */
export const map = <T extends Tree>(tree: T, f: (t: AnyTensor) => AnyTensor): T => {
  const go = (t: Tree): Tree =>
    isTensor(t) ? f(t) : branch(t, namesOf('map', t), (name) => go((t as Branch)[name] as Tree))
  return go(tree) as T
}

/**
 * Trees of the same structure, zipped by name into several trees: `f` makes as many tensors of the tensors at a place as
 * there are results. Names that one tree has and another has not are a `StructureError` that says where.
 */
export const zipMany = <T extends Tree>(
  trees: readonly [T, ...NoInfer<T>[]],
  results: number,
  f: (...tensors: AnyTensor[]) => readonly AnyTensor[],
): readonly T[] => {
  const go = ([first, ...others]: readonly [Tree, ...Tree[]]): readonly Tree[] => {
    if (isTensor(first) && others.every(isTensor)) return f(first, ...others)
    const names = others.map((other) => checkNames('zipWith', first, other))[0] ?? namesOf('zipWith', first)
    const children = names.map((name) =>
      within(name, () => go([(first as Branch)[name] as Tree, ...others.map((t) => (t as Branch)[name] as Tree)])),
    )
    return Array.from({ length: results }, (_, r) =>
      branch(first, names, (_name, i) => (children[i] as readonly Tree[])[r] as Tree),
    )
  }
  return go(trees) as readonly T[]
}

/**
 * Two trees of the same structure, zipped by name: names that one has and the other has not are a `StructureError` that
 * says where.
 *
 * @example
 * import { fromNested, op, type Tensor, toArray, tree } from 'pullback'
 * const [p, q] = [{ W: fromNested([1]), b: fromNested([2]) }, { b: fromNested([20]), W: fromNested([10]) }]
 * toArray(tree.zipWith(p, q, (x, y) => op.add(x as Tensor, y as Tensor)).b) // => [22]
 */
export const zipWith = <T extends Tree>(a: T, b: NoInfer<T>, f: (x: AnyTensor, y: AnyTensor) => AnyTensor): T =>
  zipMany<T>([a, b], 1, (x, y) => [f(x as AnyTensor, y as AnyTensor)])[0] as T

/** The names of `x`, which `y` must have too, and no others. */
const checkNames = (op: string, x: Tree, y: Tree): readonly string[] => {
  if (!isTensor(x) && !isTensor(y)) {
    const names = namesOf(op, x)
    if (namesOf(op, y).length === names.length && names.every((name) => Object.hasOwn(y, name))) return names
  }
  throw new StructureError({ op, expected: describe(x), actual: describe(y) })
}

/** Checks that two trees have the same structure; shapes may differ. */
export const checkStructure = (op: string, expected: Tree, actual: Tree): void => {
  if (isTensor(expected) && isTensor(actual)) return
  for (const name of checkNames(op, expected, actual))
    within(name, () => checkStructure(op, (expected as Branch)[name] as Tree, (actual as Branch)[name] as Tree))
}

/** Checks that a cotangent has the structure and the shapes of the value. */
export const checkCotangent = (op: string, value: Tree, cotangent: Tree): void => {
  checkStructure(op, value, cotangent)
  const ds = leaves(cotangent)
  leaves(value).forEach((y, i) => {
    const d = ds[i] as AnyTensor
    if (!sameShape(d.shape, y.shape))
      throw new ShapeError({
        op,
        expected: `a cotangent ${showShape(y.shape)}, as the value`,
        actual: showShape(d.shape),
      })
  })
}

/**
 * The tensors of a tree, in the order of their names. Anything but a tree is a `StructureError`.
 *
 * @example
 * import { tree, zeros } from 'pullback'
 * tree.leaves({ b: zeros([2]), W: zeros([3]) }).map((t) => t.size) // => [3, 2]
 */
export const leaves = (tree: Tree, op = 'leaves'): readonly AnyTensor[] => {
  const found: AnyTensor[] = []
  const go = (t: Tree): void => {
    if (isTensor(t)) found.push(t)
    else for (const name of ordered(op, t)) within(name, () => go((t as Branch)[name] as Tree))
  }
  go(tree)
  return found
}

/**
 * Folds the tensors of a tree, in the order of their names.
 *
 * @example
 * import { tree, zeros } from 'pullback'
 * tree.reduce({ W: zeros([2, 3]), b: zeros([2]) }, 0, (n, t) => n + t.size) // => 8
 */
export const reduce = <B>(tree: Tree, start: B, f: (b: B, t: AnyTensor) => B): B =>
  leaves(tree, 'reduce').reduce(f, start)

/**
 * A tree of the structure of `like` with other tensors, given in the order of the names: the way back from `leaves`.
 *
 * @example
 * import { ones, tree, zeros } from 'pullback'
 * tree.rebuild({ b: zeros([2]), W: zeros([3]) }, [ones([3]), ones([2])]).b.size // => 2
 */
export const rebuild = <T extends Tree>(like: T, tensors: readonly AnyTensor[]): T => {
  let next = 0
  const go = (t: Tree): Tree =>
    isTensor(t)
      ? (tensors[next++] as AnyTensor)
      : branch(t, ordered('rebuild', t), (name) => go((t as Branch)[name] as Tree))
  return go(like) as T
}
