import { ShapeError } from '../error/tensorError.ts'
import { type Window, windowCounts } from '../kernel/window.ts'
import { describe } from '../tensor/data.ts'
import { showShape } from '../tensor/shape.ts'
import type { Shape } from '../type/tensor.ts'
import type { Pair, WindowOptions } from '../type/window.ts'

type Two = readonly [number, number]

const pairOf = (op: string, what: string, given: Pair | string, least: number): Two => {
  const pair = typeof given === 'number' ? [given, given] : given
  if (Array.isArray(pair) && pair.length === 2 && pair.every((n) => Number.isSafeInteger(n) && n >= least))
    return pair as unknown as Two
  throw new ShapeError({
    op,
    expected: `a ${what} of whole numbers from ${least}`,
    actual: Array.isArray(given) ? showShape(given) : describe(given),
  })
}

/** What to add before and after an axis to have ⌈size / stride⌉ windows. */
const same = (size: number, kernel: number, stride: number): Two => {
  const missing = Math.max((Math.ceil(size / stride) - 1) * stride + kernel - size, 0)
  return [Math.floor(missing / 2), Math.ceil(missing / 2)]
}

/**
 * From images [batch, height, width, channels] to the windows of a size on them, and how many there are. Sizes that make no
 * window are a `ShapeError`.
 */
export const windowing = (op: string, size: Pair, { stride = 1, padding = 0 }: WindowOptions) => {
  const kernel = pairOf(op, 'kernel', size, 1)
  const step = pairOf(op, 'stride', stride, 1)
  const edge = padding === 'same' ? padding : pairOf(op, 'padding', padding === 'valid' ? 0 : padding, 0)
  return (image: Shape): readonly [window: Window, counts: Two] => {
    const [, height, width] = image as readonly [number, number, number, number]
    const around = (n: number, i: 0 | 1): Two => (edge === 'same' ? same(n, kernel[i], step[i]) : [edge[i], edge[i]])
    const window = { kernel, stride: step, padding: [...around(height, 0), ...around(width, 1)] } as const
    const counts = windowCounts(image, window)
    if (counts.some((n) => n < 1))
      throw new ShapeError({
        op,
        expected: `images, padding included, no smaller than the kernel ${showShape(kernel)}`,
        actual: showShape(image),
      })
    return [window, counts]
  }
}
