import { untraced } from '../../diff/untraced.ts'
import { DTypeError, ShapeError, within } from '../../error/tensorError.ts'
import { sameShape, showShape } from '../../tensor/shape.ts'
import type { Tensor } from '../../type/tensor.ts'

/**
 * The mask [batch, steps] of sequences [batch, steps, …] as a constant to derivatives, checked: a number for each step,
 * in the number format of the sequences.
 */
export const maskOf = (op: string, mask: Tensor, sequences: Tensor): Tensor =>
  within('mask', () => {
    const { shape, dtype } = sequences
    if (!sameShape(mask.shape, shape.slice(0, 2)))
      throw new ShapeError({
        op,
        expected: `${showShape(shape.slice(0, 2))}, a number for each step of sequences ${showShape(shape)}`,
        actual: showShape(mask.shape),
        remedy: 'a mask is 1 at each step and 0 where there is padding',
      })
    if (mask.dtype !== dtype)
      throw new DTypeError({
        op,
        expected: `${dtype}, as the sequences are`,
        actual: mask.dtype,
        remedy: `convert it by op.cast(mask, '${dtype}')`,
      })
    return untraced(mask)
  })
