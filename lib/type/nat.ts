// Arithmetic of literal sizes, digit by digit: 784 costs three steps, not 784.

interface Units {
  0: []
  1: [0]
  2: [0, 0]
  3: [0, 0, 0]
  4: [0, 0, 0, 0]
  5: [0, 0, 0, 0, 0]
  6: [0, 0, 0, 0, 0, 0]
  7: [0, 0, 0, 0, 0, 0, 0]
  8: [0, 0, 0, 0, 0, 0, 0, 0]
  9: [0, 0, 0, 0, 0, 0, 0, 0, 0]
}
type Unit<D extends string> = D extends `${infer N extends keyof Units}` ? Units[N] : []
type Reverse<S extends string, R extends string = ''> = S extends `${infer H}${infer T}` ? Reverse<T, `${H}${R}`> : R
type Trim<S extends string> = S extends `0${infer R}` ? (R extends '' ? '0' : Trim<R>) : S
/** A size that has only a name, a `Dim`, counts as unknown. */
type Known<N> = N extends { readonly dim: string } ? number : N
type ToNumber<S extends string> = S extends `${infer N extends number}` ? N : never

/** The digit and the carry of the sum of three digits. */
type Carry<N extends number> = `${N}` extends `1${infer D}` ? (D extends '' ? ['1', ''] : [D, '1']) : [`${N}`, '']

/** The sum of two numbers given as reversed digits; C is the carry, R the digits found so far. */
type AddReversed<
  A extends string,
  B extends string,
  C extends string = '',
  R extends string = '',
> = A extends `${infer a}${infer as}`
  ? B extends `${infer b}${infer bs}`
    ? Carry<[...Unit<a>, ...Unit<b>, ...Unit<C>]['length'] & number> extends [
        infer d extends string,
        infer c extends string,
      ]
      ? AddReversed<as, bs, c, `${R}${d}`>
      : never
    : C extends ''
      ? `${R}${A}`
      : AddReversed<A, C, '', R>
  : B extends ''
    ? `${R}${C}`
    : C extends ''
      ? `${R}${B}`
      : AddReversed<B, C, '', R>

type TimesDigit<A extends string, D extends readonly unknown[], R extends string = '0'> = D extends [
  unknown,
  ...infer T,
]
  ? TimesDigit<A, T, AddReversed<R, A>>
  : R
type MulReversed<
  A extends string,
  B extends string,
  Zeros extends string = '',
  R extends string = '0',
> = B extends `${infer b}${infer bs}`
  ? MulReversed<A, bs, `${Zeros}0`, AddReversed<R, `${Zeros}${TimesDigit<A, Unit<b>>}`>>
  : R

type Nines = ['9', '8', '7', '6', '5', '4', '3', '2', '1', '0']
/** The nine's complement of B, with as many digits as A. */
type Complement<A extends string, B extends string, R extends string = ''> = A extends `${infer _}${infer as}`
  ? B extends `${infer b extends keyof Units}${infer bs}`
    ? Complement<as, bs, `${R}${Nines[b]}`>
    : Complement<as, '', `${R}9`>
  : B extends ''
    ? R
    : never
/** A − B computed as A plus the complement of B plus 1; without a carry at the end, B is larger. */
type SubReversed<A extends string, B extends string> =
  AddReversed<`${A}0`, Complement<`${A}0`, B>, '1'> extends `${infer D}01` ? D : never

type Tenfold<T extends readonly unknown[]> = [...T, ...T, ...T, ...T, ...T, ...T, ...T, ...T, ...T, ...T]
type Tally<A extends string, R extends readonly unknown[] = []> = A extends `${infer a}${infer as}`
  ? Tally<as, [...Tenfold<R>, ...Unit<a>]>
  : R
/** How often D goes into N, and the remainder. */
type Goes<
  N extends readonly unknown[],
  D extends readonly unknown[],
  Q extends readonly unknown[] = [],
> = N extends readonly [...D, ...infer R] ? Goes<R, D, [...Q, 0]> : [Q['length'], N]
/** Long division of digits by a tally; R is the remainder, Q the digits of the quotient so far. */
type DivDigits<
  A extends string,
  D extends readonly unknown[],
  R extends readonly unknown[] = [],
  Q extends string = '',
> = A extends `${infer a}${infer as}`
  ? Goes<[...Tenfold<R>, ...Unit<a>], D> extends [infer q extends number, infer r extends readonly unknown[]]
    ? DivDigits<as, D, r, `${Q}${q}`>
    : never
  : Q

/** The sum of two sizes; `number` if either is not known. */
export type Add<A extends number, B extends number> =
  number extends Known<A | B> ? number : ToNumber<Trim<Reverse<AddReversed<Reverse<`${A}`>, Reverse<`${B}`>>>>>

/** The product of two sizes; `number` if either is not known. */
export type Mul<A extends number, B extends number> =
  number extends Known<A | B> ? number : ToNumber<Trim<Reverse<MulReversed<Reverse<`${A}`>, Reverse<`${B}`>>>>>

/** The difference of two sizes; `number` if either is not known, `never` if it is negative. */
export type Sub<A extends number, B extends number> =
  number extends Known<A | B> ? number : ToNumber<Trim<Reverse<SubReversed<Reverse<`${A}`>, Reverse<`${B}`>>>>>

/** The quotient of two sizes, rounded down; `number` if either is not known, `never` if the second is 0. */
export type Div<A extends number, B extends number> =
  number extends Known<A | B> ? number : B extends 0 ? never : ToNumber<Trim<DivDigits<`${A}`, Tally<`${B}`>>>>

/** The number of entries of a shape; `number` if any size is not known. */
export type Product<S extends readonly number[], R extends number = 1> = number extends S['length']
  ? number
  : S extends readonly [infer H extends number, ...infer T extends readonly number[]]
    ? Product<T, Mul<R, H>>
    : R
