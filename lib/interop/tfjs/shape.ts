// The shapes that layers of Keras make of the shape of an example. Nothing is run, so sizes may be what they like.
import { windowing } from '../../op/window/window.ts'
import { showShape, sizeOf } from '../../tensor/shape.ts'
import type { Shape } from '../../type/tensor.ts'
import type { Pair, WindowOptions } from '../../type/window.ts'
import { wrong } from './wrong.ts'

export const misfit = (expected: string, shape: Shape) =>
  wrong('BadShape', expected, showShape(shape.map((n) => (n === -1 ? 'any' : n))))

/** True for a size that may be n. */
export const maybe = (size: number | undefined, n: number): boolean => size === n || size === -1

/** Checks the number of axes and the last of their sizes. */
export const checkEnd = (shape: Shape, rank: number | undefined, last: number): void => {
  if ((rank !== undefined && shape.length !== rank) || !maybe(shape.at(-1), last))
    throw misfit(
      rank === 1 ? `a vector of ${last}` : `${rank === undefined ? '' : `${rank} axes with `}${last} channels`,
      shape,
    )
}

/** The shape after windows have slid over images [height, width, channels] or sequences [length, channels]. */
export const slid = (op: string, shape: Shape, kernel: Pair, options: WindowOptions, channels?: number): Shape => {
  const rank = op.endsWith('1d') ? 1 : 2
  if (shape.length !== rank + 1) throw misfit(`${rank + 1} axes`, shape)
  const [own, last] = [shape.slice(0, -1), channels ?? (shape.at(-1) as number)]
  if (own.includes(-1)) return [...own.map(() => -1), last]
  const [, counts] = windowing(op, kernel, options, rank)([0, ...(rank === 1 ? [1] : []), ...shape])
  return [...counts.slice(-rank), last]
}

/** The sizes after a transposed convolution: the windows that lie at the entries of each axis, side by side. */
export const spread = (shape: Shape, sizes: readonly ((n: number) => number)[], channels: number): Shape => {
  if (shape.length !== sizes.length + 1) throw misfit(`${sizes.length + 1} axes`, shape)
  return [...sizes.map((size, i) => (shape[i] === -1 ? -1 : size(shape[i] as number))), channels]
}

/** All axes as one. */
export const flattened = (shape: Shape): Shape => [shape.includes(-1) ? -1 : sizeOf(shape)]

/** Another shape of as many entries. */
export const reshaped = (from: Shape, to: Shape): Shape => {
  if (!from.includes(-1) && sizeOf(from) !== sizeOf(to)) throw misfit(`as many entries as ${showShape(to)} has`, from)
  return to
}

/** An image with other sizes and the same channels. */
export const resized = (shape: Shape, size: (n: number, axis: number) => number): Shape => {
  if (shape.length !== 3) throw misfit('3 axes', shape)
  return shape.map((n, axis) => (axis === 2 || n === -1 ? n : size(n, axis)))
}

/** The channels of an image alone. */
export const averaged = (shape: Shape): Shape => {
  if (shape.length !== 3) throw misfit('3 axes', shape)
  return shape.slice(-1)
}
