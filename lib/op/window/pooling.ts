import { ShapeError } from '../../error/tensorError.ts'
import type { Window } from '../../kernel/window.ts'
import { floatDType } from '../../tensor/data.ts'
import { showShape } from '../../tensor/shape.ts'
import type { Float, Tensor } from '../../type/tensor.ts'
import type { Images, Padding, Pair, Slid, WindowOptions } from '../../type/window.ts'
import { windowing } from './window.ts'

/**
 * Reduces each window of images [batch, height, width, channels] to one number for each channel. The stride is the size
 * of the window unless given.
 */
export type Pool2d<Extra = unknown> = <
  B extends number,
  H extends number,
  W extends number,
  C extends number,
  D extends Float,
  const K extends Pair,
  const S extends Pair = K,
  const P extends Padding = 0,
  const L extends Pair = 1,
>(
  x: Tensor<readonly [B, H, W, C], D>,
  size: K,
  options?: WindowOptions<S, P, L> & Extra,
) => Tensor<Images<B, Slid<readonly [H, W, C], K, S, P, L>, C>, D>

type Two = readonly [down: number, right: number]

/** The number of entries of each window that lie in an axis of some size, and not in the padding. */
export const insideCounts = (size: number, count: number, window: Window, axis: 0 | 1): readonly number[] => {
  const [stride, dilation, before] = [window.stride[axis], window.dilation[axis], window.padding[2 * axis] as number]
  return Array.from({ length: count }, (_, i) => {
    const start = i * stride - before
    const first = Math.max(0, Math.ceil(-start / dilation))
    const end = Math.min(window.kernel[axis], Math.ceil((size - start) / dilation))
    return Math.max(0, end - first)
  })
}

/** The windows for pooling images x, and their counts. Checks that each window holds an entry of the image. */
export const pooling = (op: string, x: Tensor, size: Pair, options: WindowOptions): readonly [Window, Two] => {
  floatDType(op, x)
  if (x.shape.length !== 4)
    throw new ShapeError({ op, expected: 'x [batch, height, width, channels]', actual: showShape(x.shape) })
  const [window, counts] = windowing(op, size, options)(x.shape)
  const { kernel, padding } = window
  const empty = (axis: 0 | 1) => insideCounts(x.shape[axis + 1] as number, counts[axis], window, axis).includes(0)
  if (padding.some((n) => n > 0) && (empty(0) || empty(1)))
    throw new ShapeError({
      op,
      expected: 'an entry of the image in each window',
      actual: `${showShape(kernel)} on ${showShape(x.shape)} padded by ${showShape(padding)}`,
    })
  return [window, counts]
}
