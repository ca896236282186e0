// Windows that slide over images and sequences, at type level: how many there are.
import type { Add, Div, Mul, Sub } from './nat.ts'
import type { ShowShape } from './shape.ts'
import type { Shape } from './tensor.ts'

/** A number for both directions, or one for each. */
export type Pair = number | readonly [down: number, right: number]

/** How much is added at each edge of an image. */
export type Padding = Pair | 'same' | 'valid'

/** How much is added at each end of a sequence. */
export type Padding1d = number | 'same' | 'valid'

/** How windows slide over an image; over a sequence, with numbers alone. */
export interface WindowOptions<S extends Pair = Pair, P extends Padding = Padding, D extends Pair = Pair> {
  /** How far apart they are. */
  readonly stride?: S | undefined
  /**
   * How much is added at the top and at the bottom, at the left and at the right: nothing if 'valid'; if 'same', what makes it
   * ⌈size / stride⌉ windows, the odd one at the bottom and at the right.
   */
  readonly padding?: P | undefined
  /** How far apart the entries of one window are: 1, side by side, unless given. */
  readonly dilation?: D | undefined
}

/** How kernels slide, and how many groups channels and kernels fall into. */
export interface ConvolutionOptions<
  S extends Pair = Pair,
  P extends Padding = Padding,
  D extends Pair = Pair,
  G = number,
> extends WindowOptions<S, P, D> {
  /** Engine of the first group see the channels of the first group alone, and so on: 1 unless given, all channels for each. */
  readonly groups?: G | undefined
}

/** How windows slide over an image, and what their means are of. */
export interface AverageOptions<S extends Pair = Pair, P extends Padding = Padding, D extends Pair = Pair>
  extends WindowOptions<S, P, D> {
  /** Whether what is added at the edges counts, as zeros: so unless given as false. */
  readonly countPadding?: boolean | undefined
}

/** Its numbers for both directions. */
export type Both<P> = P extends readonly [infer D extends number, infer R extends number]
  ? readonly [D, R]
  : P extends number
    ? readonly [P, P]
    : readonly [number, number]

type Two = readonly [number, number]
/** How much of an axis a window covers, from its first entry to its last. */
type Extent<K extends number, D extends number> = D extends 1 ? K : Add<Mul<D, Sub<K, 1>>, 1>
type Extents<K extends Two, D extends Two> = readonly [Extent<K[0], D[0]>, Extent<K[1], D[1]>]

/** The number of windows along an axis; `never` if not even one fits. */
type Fit<N extends number, K extends number, S extends number> = Add<Div<Sub<N, K>, S>, 1>
type Counts<I extends readonly [number, number, number], K extends Two, S extends Two, P> = P extends 'same'
  ? readonly [Div<Sub<Add<I[0], S[0]>, 1>, S[0]>, Div<Sub<Add<I[1], S[1]>, 1>, S[1]>]
  : Both<P extends 'valid' ? 0 : P> extends readonly [infer D extends number, infer R extends number]
    ? readonly [Fit<Add<I[0], Add<D, D>>, K[0], S[0]>, Fit<Add<I[1], Add<R, R>>, K[1], S[1]>]
    : never

/** How many windows of size K an image [height, width, channels] has, or a sentence if not even one fits. */
export type Slid<I, K, S, P, D = 1> = I extends readonly [number, number, number]
  ? Counts<I, Extents<Both<K>, Both<D>>, Both<S>, P> extends readonly [infer H, infer W]
    ? [H] extends [never]
      ? TooLarge<I, K, D>
      : [W] extends [never]
        ? TooLarge<I, K, D>
        : readonly [H, W]
    : never
  : readonly [number, number]
type TooLarge<
  I extends Shape,
  K,
  D,
> = `a window ${ShowShape<Both<K>>}${Apart<D, ShowShape<Both<D>>>} is larger than the image ${ShowShape<I>} with its padding`
type Apart<D, Shown extends string> = D extends 1 | readonly [1, 1] ? '' : ` dilated by ${Shown}`

/** How many windows of size K a sequence [length, channels] has, or a sentence if not even one fits. */
export type Slid1d<I, K extends number, S extends number, P, D extends number> = I extends readonly [
  infer N extends number,
  number,
]
  ? Counts<
      readonly [1, N, 1],
      readonly [1, Extent<K, D>],
      readonly [1, S],
      P extends number ? readonly [0, P] : P
    > extends readonly [unknown, infer M]
    ? [M] extends [never]
      ? `a window ${ShowShape<readonly [K]>}${Apart<D, ShowShape<readonly [D]>>} is larger than the sequence ${ShowShape<I>} with its padding`
      : readonly [M]
    : never
  : readonly [number]

/** A batch of what windows give, with some channels. */
export type Images<B extends number, Counts, C extends number> = Counts extends readonly [
  infer H extends number,
  infer W extends number,
]
  ? readonly [B, H, W, C]
  : readonly [B, number, number, C]

/** A batch of what windows on sequences give, with some channels. */
export type Sequences<B extends number, Counts, C extends number> = Counts extends readonly [infer N extends number]
  ? readonly [B, N, C]
  : readonly [B, number, C]

/** The channels that each of G groups has. */
export type Share<C extends number, G extends number> = G extends 1 ? C : Div<C, G>
type Divides<G extends number, N extends number> = G extends 1
  ? true
  : Mul<Div<N, G>, G> extends infer M
    ? number extends M
      ? true
      : N extends M
        ? true
        : false
    : never

/** Groups into which both channels and kernels can be split, or a sentence. */
export type Groups<G extends number, C extends number, O extends number> =
  Divides<G, C> extends false
    ? `${G} groups do not divide ${C} channels`
    : Divides<G, O> extends false
      ? `${G} groups do not divide ${O} kernels`
      : G
