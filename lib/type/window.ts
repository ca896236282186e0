// Windows that slide over images, at type level: how many there are.
import type { Add, Div, Sub } from './nat.ts'
import type { ShowShape } from './shape.ts'
import type { Shape } from './tensor.ts'

/** A number for both directions, or one for each. */
export type Pair = number | readonly [down: number, right: number]

/** How much is added at each edge of an image. */
export type Padding = Pair | 'same' | 'valid'

/** How windows slide over an image. */
export interface WindowOptions<S extends Pair = Pair, P extends Padding = Padding> {
  /** How far apart they are. */
  readonly stride?: S
  /**
   * How much is added at the top and at the bottom, at the left and at the right: nothing if 'valid'; if 'same', what makes it
   * ⌈size / stride⌉ windows, the odd one at the bottom and at the right.
   */
  readonly padding?: P
}

/** Its numbers for both directions. */
export type Both<P> = P extends readonly [infer D extends number, infer R extends number]
  ? readonly [D, R]
  : P extends number
    ? readonly [P, P]
    : readonly [number, number]

/** The number of windows along an axis; `never` if not even one fits. */
type Fit<N extends number, K extends number, S extends number> = Add<Div<Sub<N, K>, S>, 1>
type Counts<
  I extends readonly [number, number, number],
  K extends readonly [number, number],
  S extends readonly [number, number],
  P,
> = P extends 'same'
  ? readonly [Div<Sub<Add<I[0], S[0]>, 1>, S[0]>, Div<Sub<Add<I[1], S[1]>, 1>, S[1]>]
  : Both<P extends 'valid' ? 0 : P> extends readonly [infer D extends number, infer R extends number]
    ? readonly [Fit<Add<I[0], Add<D, D>>, K[0], S[0]>, Fit<Add<I[1], Add<R, R>>, K[1], S[1]>]
    : never

/** How many windows of size K an image [height, width, channels] has, or a sentence if not even one fits. */
export type Slid<I, K, S, P> = I extends readonly [number, number, number]
  ? Counts<I, Both<K>, Both<S>, P> extends readonly [infer D, infer R]
    ? [D] extends [never]
      ? TooLarge<I, K>
      : [R] extends [never]
        ? TooLarge<I, K>
        : readonly [D, R]
    : never
  : readonly [number, number]
type TooLarge<
  I extends Shape,
  K,
> = `a window ${ShowShape<Both<K>>} is larger than the image ${ShowShape<I>} with its padding`

/** A batch of what windows give, with some channels. */
export type Images<B extends number, Counts, C extends number> = Counts extends readonly [
  infer H extends number,
  infer W extends number,
]
  ? readonly [B, H, W, C]
  : readonly [B, number, number, C]
