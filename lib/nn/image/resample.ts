import { checkOptions } from '../../error/options.ts'
import { ShapeError, ValueError } from '../../error/tensorError.ts'
import { derived } from '../../layer/derived.ts'
import { type Layer, none } from '../../layer/layer.ts'
import { einsum } from '../../op/linear/einsum.ts'
import { allocate, describe } from '../../tensor/data.ts'
import { showShape } from '../../tensor/shape.ts'
import { fresh } from '../../tensor/view.ts'
import type { Mul } from '../../type/nat.ts'
import type { Fn } from '../../type/port.ts'
import type { Float, Tensor } from '../../type/tensor.ts'
import type { Both, Pair } from '../../type/window.ts'

/** The weight of each entry of an axis of some size in each of the new ones: [to, from]. */
type Weights = (to: number, from: number) => (i: number, j: number) => number

const matrix = (to: number, from: number, dtype: Float, weights: Weights): Tensor => {
  const data = allocate(dtype, to * from)
  const weight = weights(to, from)
  for (let i = 0; i < to; i++) for (let j = 0; j < from; j++) data[i * from + j] = weight(i, j)
  return fresh([to, from], data) as Tensor
}

/** Images of other sizes, each axis multiplied by the matrix of its weights. */
const resampled = (kind: string, x: Tensor, [down, right]: readonly [number, number], weights: Weights): Tensor => {
  const [, height = 0, width = 0] = x.shape
  if (height * width === 0)
    throw new ShapeError({ op: kind, expected: 'at least one pixel', actual: showShape(x.shape) })
  const tall = einsum('ph,nhwc->npwc', matrix(down, height, x.dtype, weights), x)
  return einsum('qw,npwc->npqc', matrix(right, width, x.dtype, weights), tall) as Tensor
}

const pairOf = (kind: string, what: string, given: Pair): readonly [number, number] => {
  const pair = typeof given === 'number' ? [given, given] : given
  if (Array.isArray(pair) && pair.length === 2 && pair.every((n) => Number.isSafeInteger(n) && n >= 1))
    return [pair[0] as number, pair[1] as number]
  throw new ValueError({ op: kind, expected: `${what}, a whole number from 1 or two of them`, actual: describe(given) })
}

/** An image of a given size, of as many channels. */
export interface SizedAs<N extends Pair> extends Fn {
  readonly out: this['in'] extends readonly [number, number, infer C extends number]
    ? readonly [...Both<N>, C]
    : readonly [...Both<N>, number]
}

/** The mean of the entries ⌊i n / m⌋ … ⌈(i + 1) n / m⌉ − 1. */
const averages: Weights = (to, from) => (i, j) => {
  const [start, end] = [Math.floor((i * from) / to), Math.ceil(((i + 1) * from) / to)]
  return j >= start && j < end ? 1 / (end - start) : 0
}

/**
 * Averages an image of any size to a given one, channel by channel: entry i of m along an axis of size n is the mean of
 * the entries from ⌊i n / m⌋ up to ⌈(i + 1) n / m⌉, as in PyTorch. `adaptiveAvgPool2d(1)` is the mean over the image.
 *
 * @example
 * import { adaptiveAvgPool2d, init, key, predict, zeros } from 'pullback'
 * const layer = adaptiveAvgPool2d([2, 3])
 * predict(layer, init(layer, key(0)), zeros([5, 7, 9, 4])).shape // => [5, 2, 3, 4]
 */
export const adaptiveAvgPool2d = <const N extends Pair>(
  size: N,
): Layer<readonly [number, number, number], SizedAs<N>> => {
  const to = pairOf('adaptiveAvgPool2d', 'the size of the result', size)
  return derived(
    'adaptiveAvgPool2d',
    [-1, -1, -1] as readonly [number, number, number],
    none as never,
    ({ x }: { readonly x: Tensor }) => resampled('adaptiveAvgPool2d', x, to, averages),
  )
}

/** An image enlarged by whole factors. */
export interface Enlarged<N extends Pair> extends Fn {
  readonly out: this['in'] extends readonly [infer H extends number, infer W extends number, infer C extends number]
    ? readonly [Mul<H, Both<N>[0]>, Mul<W, Both<N>[1]>, C]
    : readonly [number, number, number]
}

const nearest: Weights = (to, from) => (i, j) => Number(Math.floor((i * from) / to) === j)
/** Between the two entries whose centers are next to that of the new one. */
const linear: Weights = (to, from) => (i, j) => {
  const at = Math.min(Math.max(((i + 0.5) * from) / to - 0.5, 0), from - 1)
  return Math.max(0, 1 - Math.abs(at - j))
}

/**
 * Enlarges an image by whole factors, channel by channel: [height, width, channels] to [height · factor, …]. Each new
 * pixel takes the nearest one (the default), or with 'bilinear' a mean of the four around it, weighted by how near their
 * centers are; beyond the outermost centers, the outermost pixel. As PyTorch's `Upsample` without `align_corners`.
 *
 * @example
 * import { fromNested, init, key, op, predict, toArray, upsample } from 'pullback'
 * const x = op.reshape(fromNested([[1, 2]]), [1, 1, 2, 1])
 * const [double, smooth] = [upsample([1, 2]), upsample([1, 2], { mode: 'bilinear' })]
 * toArray(predict(double, init(double, key(0)), x)) // => [1, 1, 2, 2]
 * toArray(predict(smooth, init(smooth, key(0)), x)) // => [1, 1.25, 1.75, 2]
 */
export const upsample = <const N extends Pair>(
  factor: N,
  options: { readonly mode?: 'nearest' | 'bilinear' | undefined } = {},
): Layer<readonly [number, number, number], Enlarged<N>> => {
  checkOptions('upsample', options, ['mode'])
  const { mode = 'nearest' } = options
  if (mode !== 'nearest' && mode !== 'bilinear')
    throw new ValueError({ op: 'upsample', expected: "the mode 'nearest' or 'bilinear'", actual: describe(mode) })
  const [down, right] = pairOf('upsample', 'a factor', factor)
  return derived(
    'upsample',
    [-1, -1, -1] as readonly [number, number, number],
    none as never,
    ({ x }: { readonly x: Tensor }) => {
      const [, height = 0, width = 0] = x.shape
      return resampled('upsample', x, [height * down, width * right], mode === 'nearest' ? nearest : linear)
    },
  )
}
