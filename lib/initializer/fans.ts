import { ShapeError } from '../error/tensorError.ts'
import { showShape, sizeOf } from '../tensor/shape.ts'
import type { Shape } from '../type/tensor.ts'

/** The number of inputs of each output, and of outputs of each input. */
export interface Fans {
  readonly in: number
  readonly out: number
}

/** The fans of weights [out, …, in]: of a linear map [out, in], of convolutions [out, height, width, in]. */
export const fansOf = (op: string, shape: Shape): Fans => {
  if (shape.length < 2)
    throw new ShapeError({
      op,
      expected: 'weights [out, …, in]',
      actual: showShape(shape),
      remedy: 'a bias has no fans: use constant or zeros',
    })
  return { in: sizeOf(shape.slice(1)), out: sizeOf(shape.slice(0, -1)) }
}
