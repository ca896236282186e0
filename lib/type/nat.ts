// Sums and products of literal sizes, digit by digit, so that 784 costs three steps and not 784.

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
type ToNumber<S extends string> = S extends `${infer N extends number}` ? N : never

/** The digit and the carry of a sum of three digits. */
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

/** The sum of two sizes; `number` if either is not known. */
export type Add<A extends number, B extends number> = number extends A | B
  ? number
  : ToNumber<Trim<Reverse<AddReversed<Reverse<`${A}`>, Reverse<`${B}`>>>>>

/** The product of two sizes; `number` if either is not known. */
export type Mul<A extends number, B extends number> = number extends A | B
  ? number
  : ToNumber<Trim<Reverse<MulReversed<Reverse<`${A}`>, Reverse<`${B}`>>>>>

/** The number of entries of a shape; `number` if any size is not known. */
export type Product<S extends readonly number[], R extends number = 1> = number extends S['length']
  ? number
  : S extends readonly [infer H extends number, ...infer T extends readonly number[]]
    ? Product<T, Mul<R, H>>
    : R
