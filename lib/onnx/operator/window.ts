// The windows of convolutions and pooling: what a node says of them, and where they lie on images of some size.
import { ShapeError } from '../../error/tensorError.ts'
import { extentOf, type Window, windowCounts } from '../../kernel/window.ts'
import { reshape } from '../../op/shape/reshape.ts'
import { showShape } from '../../tensor/shape.ts'
import type { Shape, Tensor } from '../../type/tensor.ts'
import { lastOf, ofLast, type Value } from '../value.ts'
import type { Node } from './operator.ts'

/** What a node says of its windows, for one axis or two. */
export interface Windows {
  readonly kernel: readonly number[] | undefined
  readonly strides: readonly number[] | undefined
  readonly dilations: readonly number[] | undefined
  readonly pads: readonly number[] | undefined
  readonly auto: string
}

export const windowsOf = (node: Node): Windows => {
  const auto = node.text('auto_pad', 'NOTSET')
  if (!['NOTSET', 'VALID', 'SAME_UPPER', 'SAME_LOWER'].includes(auto)) node.refuse(`auto_pad ${auto}`)
  const [kernel, strides, dilations] = [node.ints('kernel_shape'), node.ints('strides'), node.ints('dilations')]
  const pads = node.ints('pads')
  for (const [name, list, least, length] of [
    ['kernel_shape', kernel, 1, 1],
    ['strides', strides, 1, 1],
    ['dilations', dilations, 1, 1],
    ['pads', pads, 0, 2],
  ] as const) {
    if (list === undefined) continue
    if (list.length > 2 * length) node.refuse('more than two axes of an image')
    else if (!list.every((n) => n >= least) || list.length % length !== 0) node.refuse(`${name} of ${showShape(list)}`)
  }
  return { kernel, strides, dilations, pads, auto }
}

/** Numbers for both axes of an image; a sequence is an image of height 1. */
const two = (list: readonly number[] | undefined, usual: number): readonly [number, number] =>
  list === undefined
    ? [usual, usual]
    : ([...Array(2 - list.length).fill(usual), ...list] as unknown as [number, number])

/** The window of a kernel on images [batch, height, width, channels]. */
export const windowOn = (w: Windows, images: Shape, sizes: readonly number[]): Window => {
  const [kernel, stride, dilation] = [two(sizes, 1), two(w.strides, 1), two(w.dilations, 1)]
  const extent = extentOf({ kernel, dilation })
  const around = (axis: 0 | 1): readonly [number, number] => {
    if (w.auto === 'VALID') return [0, 0]
    const pads = w.pads ?? []
    const rank = pads.length / 2
    if (w.auto === 'NOTSET')
      return rank === 1 && axis === 0 ? [0, 0] : [pads[axis - 2 + rank] ?? 0, pads[axis - 2 + 2 * rank] ?? 0]
    const n = images[axis + 1] as number
    const missing = Math.max(0, (Math.ceil(n / stride[axis]) - 1) * stride[axis] + extent[axis] - n)
    const [less, more] = [Math.floor(missing / 2), Math.ceil(missing / 2)]
    return w.auto === 'SAME_UPPER' ? [less, more] : [more, less]
  }
  return { kernel, stride, dilation, padding: [...around(0), ...around(1)] as unknown as Window['padding'] }
}

/** The numbers of windows down and right, which must be at least one. */
export const countsOf = (op: string, images: Shape, window: Window): readonly [number, number] => {
  const counts = windowCounts(images, window)
  if (counts.some((n) => n < 1))
    throw new ShapeError({
      op,
      expected: `images no smaller than ${showShape(window.kernel)}`,
      actual: showShape(images),
    })
  return counts
}

/** A value of three or four axes as images [batch, height, width, channels]. */
export const imagesOf = (op: string, v: Value): Tensor => {
  const [rank, x] = [v.dims.length, v.dims.length < 3 ? undefined : lastOf(v)]
  if (x === undefined || rank > 4)
    throw new ShapeError({ op, expected: '[batch, channels, height, width]', actual: showShape(v.dims) })
  const [batch, ...rest] = x.shape as readonly [number, ...Shape]
  return rank === 4 ? x : (reshape(x, [batch, 1, ...rest] as never) as Tensor)
}

/** Images as a value of the rank that they came with. */
export const ofImages = (images: Tensor, rank: number): Value => {
  const [batch, , width, channels] = images.shape
  return ofLast(rank === 4 ? images : (reshape(images, [batch, width, channels] as never) as Tensor))
}
