// Types of trees of tensors with the axis of examples in front.
import type { Shape, Tensor } from '../type/tensor.ts'
import type { Tree } from './tree.ts'

/** The tree of N examples for the tree of one: each tensor gets an axis of size N in front. */
export type Batched<T, N = number> = Tree extends T
  ? Tree
  : T extends Tensor<infer S, infer D>
    ? Tensor<number extends S['length'] ? Shape : readonly [N & number, ...S], D>
    : { readonly [K in keyof T]: Batched<T[K], N> }

/** The size of the first axis of a tree's tensors; `number` where one is not known. */
export type SizeOf<T> = Tree extends T
  ? number
  : T extends Tensor<infer S, infer _>
    ? number extends S['length']
      ? number
      : S extends readonly [infer N extends number, ...Shape]
        ? N
        : never
    : T extends readonly (infer A)[]
      ? SizeOf<A>
      : { readonly [K in keyof T]: SizeOf<T[K]> }[keyof T]

type IsUnion<U, V = U> = U extends unknown ? ([V] extends [U] ? false : true) : never

/** Y if all tensors have the same number N of examples; else a sentence. */
export type OneSize<N, Y> = IsUnion<N> extends true ? 'the numbers of examples differ' : Y
