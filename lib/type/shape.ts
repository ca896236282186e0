// Effects of operations on shapes, at type level. A size typed `number` fits any size and is checked at run time.
import type { Shape } from './tensor.ts'

/** A size known only at run time that has a name: it fits itself and no other. */
export type Dim<Name extends string> = number & { readonly dim: Name }

interface Three<A, B, C> {
  readonly a: A
  readonly b: B
  readonly c: C
}
/**
 * True if A may be any size, or B may, or A is B. A single comparison of objects that hold the sizes: the compiler
 * decides it even where sizes are type parameters, which it does not for a comparison of the sizes themselves.
 */
type FitsSize<A, B> =
  Three<number, number, A & number> extends
    | Three<A, unknown, unknown>
    | Three<unknown, B, unknown>
    | Three<unknown, unknown, B>
    ? true
    : false

/** True if two shapes can be equal: literal sizes must agree, `number` agrees with every size. */
export type FitsShape<A extends Shape, B extends Shape> = number extends A['length'] | B['length']
  ? true
  : A extends readonly [infer A0, ...infer As extends Shape]
    ? B extends readonly [infer B0, ...infer Bs extends Shape]
      ? FitsSize<A0, B0> extends true
        ? FitsShape<As, Bs>
        : false
      : false
    : B extends readonly []
      ? true
      : false

/** The shape that two fitting shapes describe together: each size as precise as either has it. */
export type Meet<A extends Shape, B extends Shape> = number extends A['length']
  ? B
  : number extends B['length']
    ? A
    : { readonly [K in keyof A]: A[K] & B[K & keyof B] }

/** True if two shapes can repeat to one, counted from the back: sizes that can be equal, or of which one is 1. */
export type Repeats<A extends Shape, B extends Shape> = number extends A['length'] | B['length']
  ? true
  : A extends readonly [...infer As extends Shape, infer M extends number]
    ? B extends readonly [...infer Bs extends Shape, infer N extends number]
      ? FitsSize<M, N> extends true
        ? Repeats<As, Bs>
        : 1 extends M | N
          ? Repeats<As, Bs>
          : false
      : true
    : true

/** The shape that two shapes repeat to. */
export type Repeated<A extends Shape, B extends Shape> = number extends A['length'] | B['length']
  ? Shape
  : A extends readonly [...infer As extends Shape, infer M extends number]
    ? B extends readonly [...infer Bs extends Shape, infer N extends number]
      ? readonly [...Repeated<As, Bs>, M extends 1 ? N : N extends 1 ? M : M & N]
      : A
    : B

/** The axes of each rank, counted from the front and, negative, from the back. */
interface Axes {
  0: Record<never, never>
  1: { '0': 0; '-1': 0 }
  2: { '0': 0; '1': 1; '-1': 1; '-2': 0 }
  3: { '0': 0; '1': 1; '2': 2; '-1': 2; '-2': 1; '-3': 0 }
  4: { '0': 0; '1': 1; '2': 2; '3': 3; '-1': 3; '-2': 2; '-3': 1; '-4': 0 }
  5: { '0': 0; '1': 1; '2': 2; '3': 3; '4': 4; '-1': 4; '-2': 3; '-3': 2; '-4': 1; '-5': 0 }
}
type AxesOf<S extends Shape> = S['length'] extends keyof Axes ? Axes[S['length']] : never
type ToNumber<K> = K extends `${infer N extends number}` ? N : never

/** An axis of a tensor of shape S: 0, 1, … from the front, −1, −2, … from the back. */
export type Axis<S extends Shape> = number extends S['length']
  ? number
  : S['length'] extends keyof Axes
    ? ToNumber<keyof AxesOf<S>>
    : number

/** The axes listed, where they are known: a literal axis, or a tuple of them. */
type Listed<S extends Shape, A extends number | readonly number[]> = A extends readonly number[]
  ? number extends A['length']
    ? number
    : Known<S, A[number]>
  : IsUnion<A> extends true
    ? number
    : Known<S, A>
type Known<S extends Shape, A> = S['length'] extends keyof Axes ? A : number
type IsUnion<U, V = U> = U extends unknown ? ([V] extends [U] ? false : true) : never
type FromFront<S extends Shape, A> = A extends number
  ? `${A}` extends keyof AxesOf<S>
    ? AxesOf<S>[`${A}`]
    : never
  : never
type Drop<S extends Shape, A, I extends readonly unknown[] = [], R extends Shape = readonly []> = S extends readonly [
  infer H extends number,
  ...infer T extends Shape,
]
  ? Drop<T, A, [...I, 0], I['length'] extends A ? R : readonly [...R, H]>
  : R
type Flatten<
  S extends Shape,
  A,
  I extends readonly unknown[] = [],
  R extends Shape = readonly [],
> = S extends readonly [infer H extends number, ...infer T extends Shape]
  ? Flatten<T, A, [...I, 0], readonly [...R, I['length'] extends A ? 1 : H]>
  : R

/** S without the axes A. */
export type Reduced<S extends Shape, A extends number | readonly number[]> = number extends S['length']
  ? Shape
  : number extends Listed<S, A>
    ? Shape
    : Drop<S, FromFront<S, Listed<S, A>>>

/** S with the axes A reduced to size 1. */
export type Kept<S extends Shape, A extends number | readonly number[]> = number extends S['length']
  ? Shape
  : number extends Listed<S, A>
    ? { readonly [K in keyof S]: number }
    : Flatten<S, FromFront<S, Listed<S, A>>>

/** S with its axes in the order P. */
export type Permuted<S extends Shape, P extends readonly number[]> = number extends S['length']
  ? Shape
  : {
      readonly [K in keyof P]: FromFront<S, P[K]> extends infer I extends keyof S
        ? S[I] extends number
          ? S[I]
          : number
        : number
    }

/** S with its axes in reverse order. */
export type Reversed<S extends Shape, R extends Shape = readonly []> = number extends S['length']
  ? Shape
  : S extends readonly [infer H extends number, ...infer T extends Shape]
    ? Reversed<T, readonly [H, ...R]>
    : R

/** The same rank, any sizes. */
export type Resized<S extends Shape> = { readonly [K in keyof S]: number }

/** All axes but the last. */
export type Leading<S extends Shape> = number extends S['length']
  ? Shape
  : S extends readonly [...infer L extends Shape, number]
    ? Readonly<L>
    : never

/** All axes but the first. */
export type Trailing<S extends Shape> = number extends S['length']
  ? Shape
  : S extends readonly [number, ...infer T extends Shape]
    ? Readonly<T>
    : never

type ShowSize<N> = N extends Dim<infer L> ? L : N extends number ? (number extends N ? '?' : `${N}`) : '?'
type ShowSizes<S> = S extends readonly [infer N]
  ? ShowSize<N>
  : S extends readonly [infer N, ...infer R]
    ? `${ShowSize<N>}, ${ShowSizes<R>}`
    : ''

/** A shape as text, for the sentence that replaces the type of an argument that does not fit: `[?, 784]`. */
export type ShowShape<S extends Shape> = number extends S['length'] ? '[…]' : `[${ShowSizes<S>}]`
