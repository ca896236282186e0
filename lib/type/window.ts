// Type-level counts of the windows that slide over images and sequences.
import type { Add, Div, Mul, Sub } from './nat.ts'
import type { ShowShape } from './shape.ts'
import type { Shape } from './tensor.ts'

/** One number for both directions, or one for each. */
export type Pair = number | readonly [down: number, right: number]

/** The padding at each edge of an image. */
export type Padding = Pair | 'same' | 'valid'

/** The padding at each end of a sequence; for 'causal' all of it comes before the first entry. */
export type Padding1d = number | 'same' | 'valid' | 'causal'

/** How windows slide over an image; over a sequence, each option is one number. */
export interface WindowOptions<S extends Pair = Pair, P extends Padding | Padding1d = Padding, D extends Pair = Pair> {
  /** The distance between neighboring windows. */
  readonly stride?: S | undefined
  /**
   * The padding at the top and bottom, and at the left and right: none for 'valid'; for 'same', as much as makes ⌈size
   * / stride⌉ windows, with the odd one at the bottom and right.
   */
  readonly padding?: P | undefined
  /** The distance between neighboring entries of one window; 1 (adjacent) by default. */
  readonly dilation?: D | undefined
}

/** How kernels slide, and how many groups channels and kernels are divided into. */
export interface ConvolutionOptions<
  S extends Pair = Pair,
  P extends Padding | Padding1d = Padding,
  D extends Pair = Pair,
  G = number,
> extends WindowOptions<S, P, D> {
  /**
   * The number of groups: kernels of the first group see only the channels of the first group, and so on. 1 by default:
   * every kernel sees all channels.
   */
  readonly groups?: G | undefined
}

/** How windows slide over an image, and which entries their means count. */
export interface AverageOptions<S extends Pair = Pair, P extends Padding = Padding, D extends Pair = Pair>
  extends WindowOptions<S, P, D> {
  /** True if the padding counts as zeros in the mean; true by default. */
  readonly countPadding?: boolean | undefined
}

/** The numbers for both directions. */
export type Both<P> = P extends readonly [infer D extends number, infer R extends number]
  ? readonly [D, R]
  : P extends number
    ? readonly [P, P]
    : readonly [number, number]

type Two = readonly [number, number]
/** The extent of a window along an axis, from its first entry to its last. */
type Extent<K extends number, D extends number> = D extends 1 ? K : Add<Mul<D, Sub<K, 1>>, 1>
type Extents<K extends Two, D extends Two> = readonly [Extent<K[0], D[0]>, Extent<K[1], D[1]>]

/** The number of windows along an axis; `never` if no window fits. */
type Fit<N extends number, K extends number, S extends number> = Add<Div<Sub<N, K>, S>, 1>
type Counts<I extends readonly [number, number, number], K extends Two, S extends Two, P> = P extends 'same' | 'causal'
  ? readonly [Div<Sub<Add<I[0], S[0]>, 1>, S[0]>, Div<Sub<Add<I[1], S[1]>, 1>, S[1]>]
  : Both<P extends 'valid' ? 0 : P> extends readonly [infer D extends number, infer R extends number]
    ? readonly [Fit<Add<I[0], Add<D, D>>, K[0], S[0]>, Fit<Add<I[1], Add<R, R>>, K[1], S[1]>]
    : never

/** The number of windows of size K on an image [height, width, channels], or a sentence if no window fits. */
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

/** The number of windows of size K on a sequence [length, channels], or a sentence if no window fits. */
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

/** A batch of the outputs of windows on images, with a number of channels. */
export type Images<B extends number, Counts, C extends number> = Counts extends readonly [
  infer H extends number,
  infer W extends number,
]
  ? readonly [B, H, W, C]
  : readonly [B, number, number, C]

/** A batch of the outputs of windows on sequences, with a number of channels. */
export type Sequences<B extends number, Counts, C extends number> = Counts extends readonly [infer N extends number]
  ? readonly [B, N, C]
  : readonly [B, number, C]

/** The number of channels in each of G groups. */
export type Share<C extends number, G extends number> = G extends 1 ? C : Div<C, G>
/** True if G divides N, as far as both are known. */
export type Divides<G extends number, N extends number> = G extends 1
  ? true
  : Mul<Div<N, G>, G> extends infer M
    ? number extends M
      ? true
      : N extends M
        ? true
        : false
    : never

/** G if that many groups divide both channels and kernels, else a sentence. */
export type Groups<G extends number, C extends number, O extends number> =
  Divides<G, C> extends false
    ? `${G} groups do not divide ${C} channels`
    : Divides<G, O> extends false
      ? `${G} groups do not divide ${O} kernels`
      : G

/** The sizes of an image from which windows of size K make one of size I, its edges cut by P: of a transposed convolution. */
export type Spread<
  I extends Two,
  K extends Pair,
  S extends Pair,
  P extends Pair,
  D extends Pair,
  E extends Pair,
> = readonly [
  SpreadSize<I[0], Both<K>[0], Both<S>[0], Both<P>[0], Both<D>[0], Both<E>[0]>,
  SpreadSize<I[1], Both<K>[1], Both<S>[1], Both<P>[1], Both<D>[1], Both<E>[1]>,
]
/** s (n − 1) + extent + extra − 2 p. */
type SpreadSize<
  N extends number,
  K extends number,
  S extends number,
  P extends number,
  D extends number,
  E extends number,
> = N extends 0 ? 0 : Sub<Add<Mul<S, Sub<N, 1>>, Add<Extent<K, D>, E>>, Add<P, P>>

/** True if a size is not below another, as far as both are known. */
type Reaches<E extends number, S extends number> =
  Sub<E, S> extends infer D ? ([D] extends [never] ? false : number extends D ? false : true) : never
/** True if a size is below neither of two others, as far as all are known. */
type ReachesBoth<E extends number, S extends number, D extends number> =
  Reaches<E, S> extends true ? Reaches<E, D> : false
/** The padding of an output if it is below the stride or the dilation, else a sentence. */
export type Extra<E extends Pair, S extends Pair, D extends Pair> = true extends
  | ReachesBoth<Both<E>[0], Both<S>[0], Both<D>[0]>
  | ReachesBoth<Both<E>[1], Both<S>[1], Both<D>[1]>
  ? `an output padding of ${ShowShape<Both<E>>} is not below a stride of ${ShowShape<Both<S>>} or a dilation of ${ShowShape<Both<D>>}`
  : E

/** How a transposed convolution spreads an image; of a sequence, each option is one number. */
export interface TransposeOptions<
  S extends Pair = Pair,
  P extends Pair = Pair,
  D extends Pair = Pair,
  E extends Pair = Pair,
  G = number,
> {
  /** The distance between the windows that neighboring entries spread to; 1 by default. */
  readonly stride?: S | undefined
  /** What is cut off at each edge: the padding of the convolution that this one transposes; 0 by default. */
  readonly padding?: P | undefined
  /** The distance between neighboring entries of one window; 1 by default. */
  readonly dilation?: D | undefined
  /** Rows and columns added at the bottom and right, fewer than the stride or the dilation; 0 by default. */
  readonly outputPadding?: Extra<E, S, D> | undefined
  /** The number of groups; 1 by default. */
  readonly groups?: G | undefined
}
