// Types of the data that flows between layers. A port describes one example: the batch, always the leading axis, is not
// part of it.
import type { FitsShape, Meet, ShowShape } from './shape.ts'
import type { Shape, Tensor } from './tensor.ts'

/**
 * One tensor's per-example shape, or a record of ports: `[784]`, `{ image: [784], shift: [2] }`. A size typed `number`
 * fits any size; at run time −1 stands for a size that is not known yet.
 */
export type Port = Shape | Ints | Columns | { readonly [name: string]: Port }

declare const ints: unique symbol
/** One int32 tensor's per-example shape: class labels, tokens, positions. */
export interface Ints<S extends Shape = Shape> {
  readonly [ints]: S
}

declare const columns: unique symbol
/** One tensor's per-example shape where each example is a column: the batch is the last axis. */
export interface Columns<S extends Shape = Shape> {
  readonly [columns]: S
}

/** The input of a layer that takes any port. */
export interface Any {
  readonly any: unique symbol
}

/**
 * An output that depends on the input: a type-level function from a port to a port, or to a sentence that says what is
 * wrong.
 */
export interface Fn {
  readonly in: unknown
  readonly out: unknown
}
export type Apply<F extends Fn, X> = (F & { readonly in: X })['out']

/** The output has the port of the input. */
export interface Same extends Fn {
  readonly same: true
  readonly out: this['in']
}

/** A minibatch of unknown structure. */
type AnyBatch = Tensor | { readonly [name: string]: AnyBatch }

/** The minibatch at a port; for an output that depends on the input, the part that is known for every input. */
export type Batch<X> = 0 extends 1 & X
  ? AnyBatch
  : X extends Any
    ? Tensor
    : X extends Fn
      ? BatchOf<Apply<X, Any>>
      : X extends infer S extends Shape
        ? Tensor<readonly [number, ...S]>
        : X extends Ints<infer S>
          ? Tensor<readonly [number, ...S], 'int32'>
          : X extends Columns<infer S>
            ? Tensor<readonly [...S, number]>
            : { readonly [K in keyof X]: Batch<X[K]> }
type BatchOf<X> = unknown extends X
  ? Tensor
  : X extends Any | string
    ? Tensor
    : X extends infer S extends Shape
      ? Tensor<readonly [number, ...S]>
      : X extends Ints<infer S>
        ? Tensor<readonly [number, ...S], 'int32'>
        : { readonly [K in keyof X]: BatchOf<X[K]> }

/** Gradual equality of ports: literal sizes must agree; `number` agrees with every size and is checked at run time. */
export type Fits<A, B> = A extends Any
  ? true
  : B extends Any
    ? true
    : A extends infer R extends Shape
      ? B extends infer S extends Shape
        ? FitsShape<R, S>
        : false
      : B extends readonly unknown[]
        ? false
        : [keyof A, keyof B] extends [keyof B, keyof A]
          ? false extends { [K in keyof A]: Fits<A[K], B[K & keyof B]> }[keyof A]
            ? false
            : true
          : false

/** The port that two fitting ports describe together: each size as precise as either has it. */
export type Known<A, B> = A extends Any
  ? B
  : B extends Any
    ? A
    : A extends infer R extends Shape
      ? B extends infer S extends Shape
        ? Meet<R, S>
        : never
      : { readonly [K in keyof A]: K extends keyof B ? Known<A[K], B[K]> : A[K] }

export type UnionToIntersection<U> = (U extends unknown ? (u: U) => void : never) extends (i: infer I) => void
  ? I
  : never
type LastOf<U> =
  UnionToIntersection<U extends unknown ? (f: U) => void : never> extends (f: infer L) => void ? L : never
type UnionToTuple<U, R extends readonly unknown[] = []> = [U] extends [never]
  ? R
  : LastOf<U> extends infer L
    ? UnionToTuple<Exclude<U, L>, readonly [L, ...R]>
    : never
/** The names of a record, in unspecified order. */
export type Keys<X> = UnionToTuple<keyof X>
type ShowKeys<X, Ks, Separator extends string = ''> = Ks extends readonly [infer K extends keyof X & string, ...infer R]
  ? `${Separator}${K}: ${ShowPort<X[K]>}${ShowKeys<X, R, ', '>}`
  : ''

/** A port as text, for compile errors. */
export type ShowPort<X> = 0 extends 1 & X
  ? '?'
  : X extends Any
    ? 'anything'
    : X extends infer S extends Shape
      ? ShowShape<S>
      : X extends Ints<infer S>
        ? `int32 ${ShowShape<S>}`
        : X extends Columns<infer S>
          ? `columns of ${ShowShape<S>}`
          : X extends object
            ? `{ ${ShowKeys<X, Keys<X>>} }`
            : '?'

/** True if all sizes but the first are literals. */
type IsExact<S extends Shape> = number extends S['length']
  ? false
  : S extends readonly [number, ...infer R extends Shape]
    ? number extends R[number]
      ? false
      : true
    : true

/** A minibatch that a port does not take, as a sentence: what to do where its sizes are not known, else what fits. */
export type Misfit<I, S extends Shape> = I extends infer E extends Shape
  ? ShowShape<E> extends `[${infer Sizes}`
    ? IsExact<S> extends true
      ? `takes [batch, ${Sizes}, but is given ${ShowShape<S>}`
      : `the sizes of this tensor are not known here: use shaped(x, [-1, ${Sizes})`
    : never
  : `takes ${ShowPort<I>}`
