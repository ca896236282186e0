// The types that many operations share. Where a size does not fit, the type of the argument becomes a sentence.
import type { Axis, FitsShape, Kept, Meet, Reduced, Resized, ShowShape } from '../type/shape.ts'
import type { Float, Shape, Tensor } from '../type/tensor.ts'

/** One tensor to another of the same shape. */
export type Unary = <S extends Shape, D extends Float>(x: Tensor<S, D>) => Tensor<S, D>

/** One tensor to another of the same shape, with a number that has a usual value. */
export type Tuned = <S extends Shape, D extends Float>(x: Tensor<S, D>, k?: number) => Tensor<S, D>

/** One tensor to another of the same shape, with a number that must be given. */
export type Scalar = <S extends Shape, D extends Float>(x: Tensor<S, D>, k: number) => Tensor<S, D>

/** Two tensors of one shape and one number format; where either is known more precisely, so is the result. */
export interface Binary {
  <S extends Shape, D extends Float>(a: Tensor<S, D>, b: Tensor<NoInfer<S>, NoInfer<D>>): Tensor<S, D>
  <A extends Shape, B extends Shape, D extends Float, E extends Float>(
    a: Tensor<A, D>,
    b: [D & E] extends [never]
      ? `needs ${D}, as the first, but is given ${E}`
      : FitsShape<A, B> extends true
        ? Tensor<B, E>
        : `needs the shape ${ShowShape<A>} of the first, but is given ${ShowShape<B>}`,
  ): Tensor<Meet<A, B>, D & E>
}

/**
 * The entries along some axes become one number; those along all axes if none is given. The axes go away, or stay with
 * size 1 if `keep` is true.
 */
export interface Reduction {
  <D extends Float>(x: Tensor<Shape, D>): Tensor<readonly [], D>
  <S extends Shape, D extends Float>(
    x: Tensor<S, D>,
    axes: undefined,
    options: { readonly keep: true },
  ): Tensor<Resized<S>, D>
  <S extends Shape, D extends Float, const A extends Axis<S> | readonly Axis<S>[]>(
    x: Tensor<S, D>,
    axes: A,
  ): Tensor<Reduced<S, A>, D>
  <S extends Shape, D extends Float, const A extends Axis<S> | readonly Axis<S>[]>(
    x: Tensor<S, D>,
    axes: A,
    options: { readonly keep: true },
  ): Tensor<Kept<S, A>, D>
}

/** One tensor to another of the same shape, along one axis, the last if none is given. */
export type AlongAxis = <S extends Shape, D extends Float>(x: Tensor<S, D>, axis?: Axis<S>) => Tensor<S, D>
