// What flows between layers, at type level. A port is per example: the batch, always the leading axis, has no place in it.
import type { FitsShape, Meet, ShowShape } from './shape.ts'
import type { Shape, Tensor } from './tensor.ts'

/**
 * One tensor's per-example shape, or a record of ports: `[784]`, `{ image: [784], shift: [2] }`. A size typed `number` may be any;
 * −1 when the program runs says that it still may.
 */
export type Port = Shape | Columns | { readonly [name: string]: Port }

declare const columns: unique symbol
/** One tensor's per-example shape, where each example of a minibatch is a column: the batch is the last axis. */
export interface Columns<S extends Shape = Shape> {
  readonly [columns]: S
}

/** The input of a layer that takes any port. */
export interface Any {
  readonly any: unique symbol
}

/** An output that depends on the input: a function, at type level, from a port to a port or to a sentence that says what is wrong. */
export interface Fn {
  readonly in: unknown
  readonly out: unknown
}
export type Apply<F extends Fn, X> = (F & { readonly in: X })['out']

/** The output is as the input. */
export interface Same extends Fn {
  readonly same: true
  readonly out: this['in']
}

/** A minibatch of which nothing is known. */
type AnyBatch = Tensor | { readonly [name: string]: AnyBatch }

/** A minibatch at a port; of an output that depends on the input, what is known of it for any. */
export type Batch<X> = 0 extends 1 & X
  ? AnyBatch
  : X extends Any
    ? Tensor
    : X extends Fn
      ? BatchOf<Apply<X, Any>>
      : X extends infer S extends Shape
        ? Tensor<readonly [number, ...S]>
        : X extends Columns<infer S>
          ? Tensor<readonly [...S, number]>
          : { readonly [K in keyof X]: Batch<X[K]> }
type BatchOf<X> = unknown extends X
  ? Tensor
  : X extends Any | string
    ? Tensor
    : X extends infer S extends Shape
      ? Tensor<readonly [number, ...S]>
      : { readonly [K in keyof X]: BatchOf<X[K]> }

/** Gradual equality of ports: literal sizes must agree; `number` agrees with all and is checked when the program runs. */
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

/** What two ports that fit say together: each size as precise as either has it. */
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
/** The names of a record, in no order that one may count on. */
export type Keys<X> = UnionToTuple<keyof X>
type ShowKeys<X, Ks, Separator extends string = ''> = Ks extends readonly [infer K extends keyof X & string, ...infer R]
  ? `${Separator}${K}: ${ShowPort<X[K]>}${ShowKeys<X, R, ', '>}`
  : ''

/** A port as text, for the sentences that compile errors show. */
export type ShowPort<X> = 0 extends 1 & X
  ? '?'
  : X extends Any
    ? 'anything'
    : X extends infer S extends Shape
      ? ShowShape<S>
      : X extends Columns<infer S>
        ? `columns of ${ShowShape<S>}`
        : X extends object
          ? `{ ${ShowKeys<X, Keys<X>>} }`
          : '?'
