import type { Shape } from '../type/tensor.ts'

/**
 * Windows that slide over images [height, width]: their size down and right, the distance between windows and between
 * the entries of one, and the padding at the edges.
 */
export interface Window {
  readonly kernel: readonly [height: number, width: number]
  readonly stride: readonly [down: number, right: number]
  readonly dilation: readonly [down: number, right: number]
  readonly padding: readonly [top: number, bottom: number, left: number, right: number]
}

/** The extent of a window on an image, from its first entry to its last. */
export const extentOf = ({ kernel, dilation }: Pick<Window, 'kernel' | 'dilation'>): readonly [number, number] => [
  dilation[0] * (kernel[0] - 1) + 1,
  dilation[1] * (kernel[1] - 1) + 1,
]

/** The number of windows, down and right, on images [batch, height, width, channels]. */
export const windowCounts = (shape: Shape, window: Window): readonly [down: number, right: number] => {
  const { stride, padding } = window
  const [top, bottom, left, right] = padding
  const [, height, width] = shape as readonly [number, number, number, number]
  const [tall, wide] = extentOf(window)
  return [
    Math.floor((top + height + bottom - tall) / stride[0]) + 1,
    Math.floor((left + width + right - wide) / stride[1]) + 1,
  ]
}
