import type { AnyTensor, DType, Shape, Tensor } from '../type/tensor.ts'
import { leaves, mapTree, type Tree, zipTrees } from './tree.ts'

/** The number formats of a tree's tensors. */
type Formats<T> = Tree extends T
  ? DType
  : T extends Tensor<Shape, infer D>
    ? D
    : T extends readonly (infer A)[]
      ? Formats<A>
      : { readonly [K in keyof T]: Formats<T[K]> }[keyof T]
/** The type of every tensor of a tree, as far as it is known. */
export type LeafOf<T> = Tensor<Shape, Formats<T>>

/**
 * A tree of the same structure, with `f` applied to each tensor.
 *
 * @example
 * import { op, toArray, tree, zeros } from 'pullback'
 * toArray(tree.map({ b: zeros([2]) }, (t) => op.shift(t, 1)).b) // => [1, 1]
 */
export const map: <T extends Tree>(tree: T, f: (t: LeafOf<T>) => AnyTensor) => T = mapTree as never

/**
 * Zips two trees of the same structure by name; a name that only one of them has is a `StructureError` that says where.
 *
 * @example
 * import { fromNested, op, toArray, tree } from 'pullback'
 * const [p, q] = [{ W: fromNested([1]), b: fromNested([2]) }, { b: fromNested([20]), W: fromNested([10]) }]
 * toArray(tree.zipWith(p, q, (x, y) => op.add(x, y)).b) // => [22]
 */
export const zipWith: <T extends Tree>(a: T, b: NoInfer<T>, f: (x: LeafOf<T>, y: LeafOf<T>) => AnyTensor) => T =
  zipTrees as never

/**
 * Folds the tensors of a tree in the order of their names.
 *
 * @example
 * import { tree, zeros } from 'pullback'
 * tree.reduce({ W: zeros([2, 3]), b: zeros([2]) }, 0, (n, t) => n + t.size) // => 8
 */
export const reduce = <T extends Tree, B>(tree: T, start: B, f: (b: B, t: LeafOf<T>) => B): B =>
  leaves(tree, 'reduce').reduce((b, t) => f(b, t as LeafOf<T>), start)
