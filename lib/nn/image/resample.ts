import { checkOptions } from '../../error/options.ts'
import { ShapeError, ValueError } from '../../error/tensorError.ts'
import { derived } from '../../layer/derived.ts'
import { type Layer, none } from '../../layer/layer.ts'
import { add } from '../../op/elementwise/add.ts'
import { scale } from '../../op/elementwise/scale.ts'
import { broadcast, mean } from '../../op/reduce/sum.ts'
import { concat } from '../../op/shape/concat.ts'
import { reshape } from '../../op/shape/reshape.ts'
import { slice } from '../../op/shape/slice.ts'
import { stack } from '../../op/shape/stack.ts'
import { describe } from '../../tensor/data.ts'
import { showShape } from '../../tensor/shape.ts'
import type { Mul } from '../../type/nat.ts'
import type { Fn } from '../../type/port.ts'
import type { Shape, Tensor } from '../../type/tensor.ts'
import type { Both, Pair } from '../../type/window.ts'

/** An axis of images [batch, height, width, channels]. */
type Along = 1 | 2

/** Images whose height and width are changed one after the other. */
const resized = (
  kind: string,
  x: Tensor,
  [down, right]: readonly [number, number],
  change: (x: Tensor, axis: Along, by: number) => Tensor,
): Tensor => {
  if (x.shape[1] === 0 || x.shape[2] === 0)
    throw new ShapeError({ op: kind, expected: 'at least one pixel', actual: showShape(x.shape) })
  return change(change(x, 1, down), 2, right)
}

const part = (x: Tensor, axis: Along, start: number, end: number): Tensor =>
  slice(x, axis === 1 ? [null, [start, end]] : [null, null, [start, end]]) as Tensor

/** The shape with an axis as two, of which the second has a given size. */
const split = (shape: Shape, axis: Along, size: number): Shape => [
  ...shape.slice(0, axis),
  (shape[axis] as number) / size,
  size,
  ...shape.slice(axis + 1),
]

/** The shape with an axis and the one behind it as one. */
const merged = ({ shape }: Tensor, axis: Along): Shape => [
  ...shape.slice(0, axis),
  (shape[axis] as number) * (shape[axis + 1] as number),
  ...shape.slice(axis + 2),
]

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

/** The means of the entries ⌊i n / m⌋ … ⌈(i + 1) n / m⌉ − 1 of an axis. */
const averaged = (x: Tensor, axis: Along, to: number): Tensor => {
  const n = x.shape[axis] as number
  if (n % to === 0) return mean(reshape(x, split(x.shape, axis, n / to)) as Tensor, axis + 1) as Tensor
  const windows = Array.from({ length: to }, (_, i) =>
    part(x, axis, Math.floor((i * n) / to), Math.ceil(((i + 1) * n) / to)),
  )
  return stack(
    windows.map((window) => mean(window, axis) as Tensor),
    axis,
  ) as Tensor
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
    ({ x }: { readonly x: Tensor }) => resized('adaptiveAvgPool2d', x, to, averaged),
  )
}

/** An image enlarged by whole factors. */
export interface Enlarged<N extends Pair> extends Fn {
  readonly out: this['in'] extends readonly [infer H extends number, infer W extends number, infer C extends number]
    ? readonly [Mul<H, Both<N>[0]>, Mul<W, Both<N>[1]>, C]
    : readonly [number, number, number]
}

/** Each entry of an axis several times. */
const nearest = (x: Tensor, axis: Along, times: number): Tensor => {
  const apart = split(x.shape, axis, 1)
  const repeated = broadcast(
    reshape(x, apart) as Tensor,
    apart.map((n, i) => (i === axis + 1 ? times : n)),
  ) as Tensor
  return reshape(repeated, merged(repeated, axis)) as Tensor
}

/** Between the two entries whose centers are next to that of the new one; the outermost go on beyond the edges. */
const linear = (x: Tensor, axis: Along, times: number): Tensor => {
  const n = x.shape[axis] as number
  const wide = concat([part(x, axis, 0, 1), x, part(x, axis, n - 1, n)], axis) as Tensor
  const phases = Array.from({ length: times }, (_, i) => {
    const at = (i + 0.5) / times + 0.5 // of the first entry of the phase, in `wide`
    const [start, weight] = [Math.floor(at), at % 1]
    const before = part(wide, axis, start, start + n)
    return weight === 0
      ? before
      : add(scale(before, 1 - weight), scale(part(wide, axis, start + 1, start + 1 + n), weight) as never)
  })
  const all = stack(phases as readonly Tensor[], axis + 1) as Tensor
  return reshape(all, merged(all, axis)) as Tensor
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
    ({ x }: { readonly x: Tensor }) => resized('upsample', x, [down, right], mode === 'nearest' ? nearest : linear),
  )
}
