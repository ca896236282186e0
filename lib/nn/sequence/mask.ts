import { untraced } from '../../diff/untraced.ts'
import { DTypeError, ShapeError, within } from '../../error/tensorError.ts'
import { maskAbove } from '../../op/activation/relu.ts'
import { broadcast } from '../../op/reduce/sum.ts'
import { reshape } from '../../op/shape/reshape.ts'
import { sameShape, showShape } from '../../tensor/shape.ts'
import type { Shape, Tensor } from '../../type/tensor.ts'

/**
 * The mask that attention takes besides its input: none, one of the steps that are looked at (true), or one that says of
 * each step which others it may look at ('pairs').
 */
export type Masking = boolean | 'pairs'

/** The run-time port of a mask, under its name. */
export const maskPort = (masked: Masking | undefined, name = 'mask'): { readonly [name: string]: Shape } =>
  masked === 'pairs' ? { [name]: [-1, -1] } : masked === true ? { [name]: [-1] } : {}

/** What a mask is of, where it is not of the steps of its sequences alone. */
interface Kind {
  /** The name of the mask in the input. */
  readonly name?: string
  /** The sequences whose steps look, if they are others than those that are looked at. */
  readonly by?: Tensor
}

/**
 * The mask [batch, steps] of sequences [batch, steps, …] as a constant to derivatives, checked: a number for each step,
 * in the number format of the sequences. A mask of pairs has one for each step that looks and each that is looked at.
 */
export const maskOf = (
  op: string,
  mask: Tensor,
  sequences: Tensor,
  { name = 'mask', by = sequences }: Kind = {},
): Tensor =>
  within(name, () => {
    const { shape, dtype } = sequences
    const [batch, seen] = shape as readonly [number, number]
    const isPairs = mask.shape.length === 3
    const expected = isPairs ? [batch, by.shape[1] as number, seen] : [batch, seen]
    if (!sameShape(mask.shape, expected))
      throw new ShapeError({
        op,
        expected: `${showShape(expected)}, a number for each ${isPairs ? 'step that looks and each' : 'step'} of sequences ${showShape(shape)}`,
        actual: showShape(mask.shape),
        remedy: isPairs
          ? 'a mask is 1 where a step may look at another and 0 elsewhere'
          : 'a mask is 1 at each step and 0 where there is padding',
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

/** Sequences with 0 at the steps that their mask hides, so that nothing that stands there gets anywhere, not even NaN. */
export const cleared = (x: Tensor, mask: Tensor | undefined): Tensor =>
  mask?.shape.length === 2
    ? maskAbove(x, broadcast(reshape(untraced(mask), [...mask.shape, 1]) as Tensor, x.shape) as Tensor)
    : x
