import type { Data, DataOf } from '../tensor/data.ts'
import type { Layout } from '../tensor/shape.ts'
import type { Raw } from '../tensor/view.ts'
import type { DType, Float, Shape } from '../type/tensor.ts'
import type { FurtherMapName, FurtherZipName, MapName, ZipName } from './names.ts'
import type { Window } from './window.ts'

/**
 * Replaces numbers by others, in place, together with everyone who takes part. It is not pure, and must run once. One
 * that has only begun when it returns gives a function that waits for its end.
 */
export type Exchange = (...numbers: readonly Data[]) => (() => void) | undefined

/**
 * Runs a step during which the engine may keep results to itself: they are gone when it ends. `keep`, which the step
 * gets, copies the numbers of a tensor out. A step may be run again: it must be a pure function.
 */
export type Scope = <A>(step: (keep: (x: Raw) => Data) => A) => A

/** Functions of a row of numbers. */
export type RowName = 'softmax' | 'logSoftmax' | 'cumsum'

/** μ ← b1 μ + (1 − b1) g, ν ← b2 ν + (1 − b2) g², p ← keep p − rate (μ / c1) / (√(ν / c2) + eps). */
export interface AdamNumbers {
  readonly b1: number
  readonly b2: number
  readonly eps: number
  /** 1 − b1ᵗ and 1 − b2ᵗ: the bias corrections after t updates of moments that started at zero. */
  readonly c1: number
  readonly c2: number
  /** The factor by which decay multiplies a parameter, and the learning rate. */
  readonly keep: number
  readonly rate: number
}

/**
 * How a matrix x [m, n] is normalized: in blocks of rows and groups of columns. Each row is { blocks: m, groups: 1 },
 * each column { blocks: 1, groups: n }. Both divide the sizes.
 */
export interface Normalization {
  readonly blocks: number
  readonly groups: number
  /** True to use mean and variance; false, for rows only, to use the mean square, with the mean taken as 0. */
  readonly centered: boolean
  /** The number added to the variance, under the root. */
  readonly epsilon: number
}

/** Functions of each entry, by their names. */
export interface Entrywise<M extends string, Z extends string> {
  readonly map: (f: M, x: Raw, p?: number) => Data
  /** Two views of one shape. */
  readonly zip: (f: Z, x: Raw, y: Raw, p?: number) => Data
}

/**
 * The computations of an engine: the only place with loops over numbers. A kernel takes raw views of any strides and
 * returns a fresh row-major buffer of the number format of its first argument. Operations have already checked shapes
 * and formats; a kernel checks nothing. Sizes may be zero.
 *
 * An engine may work in any order and on any number of threads, as long as the same arguments give the same bits.
 */
export interface Kernels extends Entrywise<MapName, ZipName> {
  readonly copy: (x: Raw) => Data
  readonly cast: <D extends DType>(x: Raw, to: D) => DataOf[D]
  /** Sums over the axes from `kept` on. */
  readonly sum: (x: Raw, kept: number) => Data
  /** The index of the largest entry of each row (last axis), the first of equals; a NaN counts as largest. */
  readonly argmax: (x: Raw) => Int32Array
  /** The indices of each row (last axis) in the ascending order of its entries; equal ones stay in order, NaN comes last. */
  readonly argsort: (x: Raw) => Int32Array
  /** [...L, M, K] times [...L, K, N]. Transposed factors are views: an engine reads their strides. */
  readonly matmul: (a: Raw, b: Raw) => Data
  /** x Wᵀ + 1bᵀ for x [N, I], W [O, I], b [O]. */
  readonly affine: (x: Raw, W: Raw, b: Raw) => Data
  /** Along the last axis. In `softmax` and `logSoftmax` entries of +∞ share a row; one of −∞ alone gives NaN. */
  readonly rows: (f: RowName, x: Raw) => Data
  /** From a cotangent d of the softmax y of rows to that of the rows: y (d − Σ d y), both less the d of the largest y. */
  readonly softmaxPullback: (d: Raw, y: Raw) => Data
  /** log Σ exp of each row; −∞ for a row of −∞. */
  readonly logSumExp: (x: Raw) => Data
  /** log Σ exp of each row of x [...L, n] minus its entry at index [...L]: subtracted before anything is rounded. */
  readonly crossEntropy: (x: Raw, index: Raw) => Data
  /**
   * From a cotangent d [...L] of that to the one of x: softmax, minus 1 at the index, each row times its d. The entry
   * at the index is minus the sum of the others.
   */
  readonly crossEntropyPullback: (x: Raw, index: Raw, d: Raw) => Data
  /** Rows of x [n, ...R] by index [...I]: [...I, ...R]. */
  readonly gather: (x: Raw, index: Raw) => Data
  /** The transpose of gather: rows d [...I, ...R] added into zeros [n, ...R]. */
  readonly scatterAdd: (d: Raw, index: Raw, n: number) => Data
  /** The entry of each row of x [...L, n] that index [...L] names. */
  readonly pick: (x: Raw, index: Raw) => Data
  /** The transpose of pick: entries d [...L] at their indices in zeros [...L, n]. */
  readonly place: (d: Raw, index: Raw, n: number) => Data
  /** The entries of each row of x [...L, n] that the same row of index [...L, k] names: [...L, k]. */
  readonly takeAlong: (x: Raw, index: Raw) => Data
  /** The transpose of takeAlong: entries d [...L, k] added at their indices into zeros [...L, n]. */
  readonly putAlong: (d: Raw, index: Raw, n: number) => Data
  /** Adam's step: the new p and moments, from a gradient, the moments before and p. */
  readonly adam: (g: Raw, mu: Raw, nu: Raw, p: Raw, o: AdamNumbers) => readonly [p: Data, mu: Data, nu: Data]
  readonly concat: (xs: readonly Raw[], axis: number) => Data
  /** The entries of d at a layout within zeros of a shape: the transpose of a slice. */
  readonly padTo: (d: Raw, shape: Shape, at: Layout) => Data
  /** Threefry-2x32 of the n counters of 64 bits from (high, low) on, under a key: two words for each. */
  readonly threefry: (k0: number, k1: number, high: number, low: number, n: number) => Uint32Array
  /** Uniform numbers in [0, 1) from the words of the counters 0 … n − 1: 23 bits in float32, 52 in float64. */
  readonly uniform: <D extends Float>(k0: number, k1: number, n: number, dtype: D) => DataOf[D]
}

/** Functions that few networks have. */
export type FurtherKernels = Entrywise<FurtherMapName, FurtherZipName>

/** The kernels of images. */
export interface ImageKernels {
  /**
   * The windows of images x [B, H, W, C], one per row: [B · OH · OW, KH · KW · C], zeros where a window reaches beyond
   * the edge. OH and OW are the `windowCounts`.
   */
  readonly im2col: (x: Raw, window: Window) => Data
  /** The transpose of im2col: rows d added into zeros of the images' shape, each entry where it came from. */
  readonly col2im: (d: Raw, window: Window, shape: Shape) => Data
  /**
   * The windows of x, each as a row, times W [O, KH · KW · C / G] transposed, plus b [O]: [B · OH · OW, O]. Channels,
   * and rows of W, are divided into G groups: the first rows see only the first channels.
   */
  readonly convolve: (x: Raw, W: Raw, b: Raw, window: Window, groups: number) => Data
  /** From a cotangent d [B · OH · OW, O] of that to the one of x, whose shape is given. */
  readonly convolveToImages: (d: Raw, W: Raw, window: Window, shape: Shape, groups: number) => Data
  /** From a cotangent d [B · OH · OW, O] of that to the one of W: [O, KH · KW · C / G]. */
  readonly convolveToKernels: (d: Raw, x: Raw, window: Window, groups: number) => Data
  /**
   * The largest entry of each channel of each window, [B, OH, OW, C], and its index in the row-major entries of x: the
   * first of equals; a NaN counts as largest. Each window holds an entry of x.
   */
  readonly maxPool: (x: Raw, window: Window) => readonly [values: Data, index: Int32Array]
}

/** The kernels of normalization. */
export interface NormalizationKernels {
  /** The mean and the (biased) variance of each group of each block of x [m, n], in two passes: [blocks · groups]. */
  readonly moments: (x: Raw, o: Normalization) => readonly [mean: Data, variance: Data]
  /**
   * (x − mean) / √(variance + ε) · scale + shift for x [m, n] and its moments; scale and shift [n] belong to the
   * columns.
   */
  readonly normalize: (x: Raw, scale: Raw, shift: Raw, mean: Raw, variance: Raw, o: Normalization) => Data
  /** From a cotangent d [m, n] of that to those of x, including the way through its moments, of scale and of shift. */
  readonly normalizePullback: (
    d: Raw,
    x: Raw,
    scale: Raw,
    mean: Raw,
    variance: Raw,
    o: Normalization,
  ) => readonly [dx: Data, dscale: Data, dshift: Data]
}

/** The name of a kernel. */
export type Kernel = keyof Kernels | keyof ImageKernels | keyof NormalizationKernels
