import { ShapeError } from '../../error/tensorError.ts'
import { extentOf, type Window, windowCounts } from '../../kernel/window.ts'
import { describeShape } from '../../tensor/data.ts'
import { showShape } from '../../tensor/shape.ts'
import type { Shape } from '../../type/tensor.ts'
import type { Padding, Padding1d, Pair, WindowOptions } from '../../type/window.ts'

type Two = readonly [number, number]

/** The number of axes that windows slide along. Sequences are images of height 1. */
export type Rank = 1 | 2

/** A number for each direction. For sequences the first is the least allowed, which changes nothing. */
export const pairOf = (op: string, rank: Rank, what: string, given: Pair | string, least: number): Two => {
  const pair = typeof given === 'number' ? [rank === 1 ? least : given, given] : rank === 2 && given
  if (Array.isArray(pair) && pair.length === 2 && pair.every((n) => Number.isSafeInteger(n) && n >= least))
    return pair as unknown as Two
  throw new ShapeError({
    op,
    expected: `a ${what} ${rank === 1 ? 'that is a whole number' : 'of whole numbers'} from ${least}`,
    actual: describeShape(given),
    code: 'out-of-range',
  })
}

/** The padding before and after an axis that gives ⌈size / stride⌉ windows. */
const same = (size: number, extent: number, stride: number): Two => {
  const missing = Math.max((Math.ceil(size / stride) - 1) * stride + extent - size, 0)
  return [Math.floor(missing / 2), Math.ceil(missing / 2)]
}

/**
 * Makes a function from the shape of images [batch, height, width, channels] to the windows on them and their counts.
 * Sizes that make no window are a `ShapeError`.
 */
export const windowing = (
  op: string,
  size: Pair,
  { stride = 1, padding = 0, dilation = 1 }: WindowOptions<Pair, Padding | Padding1d>,
  rank: Rank = 2,
) => {
  const kernel = pairOf(op, rank, 'kernel', size, 1)
  const step = pairOf(op, rank, 'stride', stride, 1)
  const apart = pairOf(op, rank, 'dilation', dilation, 1)
  const edge =
    padding === 'same' || (padding === 'causal' && rank === 1)
      ? padding
      : pairOf(op, rank, 'padding', padding === 'valid' ? 0 : padding, 0)
  const extent = extentOf({ kernel, dilation: apart })
  return (image: Shape): readonly [window: Window, counts: Two] => {
    const [batch, height, width, channels] = image as readonly [number, number, number, number]
    const around = (n: number, i: 0 | 1): Two => {
      if (edge === 'causal') return [extent[i] - 1, 0]
      return edge === 'same' ? same(n, extent[i], step[i]) : [edge[i], edge[i]]
    }
    const padded = [...around(height, 0), ...around(width, 1)] as const
    const window = { kernel, stride: step, dilation: apart, padding: padded }
    const counts = windowCounts(image, window)
    if (counts.some((n) => n < 1)) {
      const things = rank === 1 ? 'sequences' : 'images'
      const dilated = apart.some((n) => n > 1) ? ` dilated by ${showShape(apart.slice(-rank))}` : ''
      throw new ShapeError({
        op,
        expected: `${things}, padding included, no smaller than the kernel ${showShape(kernel.slice(-rank))}${dilated}`,
        actual: showShape(rank === 1 ? [batch, width, channels] : image),
      })
    }
    return [window, counts]
  }
}
