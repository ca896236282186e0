import type { Shape } from '../type/tensor.ts'

/** Windows that slide over images [height, width]: how large they are, how far apart, and how much is added at the edges. */
export interface Window {
  readonly kernel: readonly [height: number, width: number]
  readonly stride: readonly [down: number, right: number]
  readonly padding: readonly [top: number, bottom: number, left: number, right: number]
}

/** How many windows there are, down and right, in images [batch, height, width, channels]. */
export const windowCounts = (
  shape: Shape,
  { kernel, stride, padding: [top, bottom, left, right] }: Window,
): readonly [down: number, right: number] => {
  const [, height, width] = shape as readonly [number, number, number, number]
  return [
    Math.floor((top + height + bottom - kernel[0]) / stride[0]) + 1,
    Math.floor((left + width + right - kernel[1]) / stride[1]) + 1,
  ]
}
