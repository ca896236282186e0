// Trees of tensors with the axis of examples in front, at type level.
import type { Shape, Tensor } from '../type/tensor.ts'
import type { Tree } from './tree.ts'

/** A tree of one example's tensors as one of N examples': an axis of size N in front of each. */
export type Batched<T, N = number> = Tree extends T
  ? Tree
  : T extends Tensor<infer S, infer D>
    ? Tensor<number extends S['length'] ? Shape : readonly [N & number, ...S], D>
    : { readonly [K in keyof T]: Batched<T[K], N> }

/** The sizes of the axis in front of a tree's tensors; `number` where one is not known. */
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

/** What a number N of examples gives; a sentence where their tensors have different ones. */
export type OneSize<N, Y> = IsUnion<N> extends true ? 'the numbers of examples differ' : Y
