import { ShapeError } from '../../error/tensorError.ts'
import { fanIn } from '../../initializer/fanIn.ts'
import type { Leaf, Spec } from '../../layer/layer.ts'
import { affine } from '../../op/linear/affine.ts'
import { checkShape } from '../../tensor/shape.ts'
import type { Tensor } from '../../type/tensor.ts'
import type { LinearParams } from '../linear.ts'

/** A linear map whose weights and bias are drawn uniformly from ±1/√n. */
export const affineSpec = <I extends number, O extends number>(
  inputs: I,
  outputs: O,
  n: number,
): Spec<LinearParams<I, O>> => {
  const draw = fanIn(n)
  const W: Leaf<readonly [O, I]> = { shape: [outputs, inputs], draw }
  const b: Leaf<readonly [O]> = { shape: [outputs], draw }
  return { W, b } as never
}

/** x Wᵀ + b for x [rows, in]. */
export const mapped = ({ W, b }: { readonly W: Tensor; readonly b: Tensor }, x: Tensor): Tensor =>
  affine(x as never, W as never, b as never) as Tensor

/** Checks sizes that are counts from 1. */
export const checkSizes = (kind: string, sizes: Readonly<Record<string, number>>): void => {
  checkShape(kind, Object.values(sizes))
  for (const [name, n] of Object.entries(sizes))
    if (n === 0) throw new ShapeError({ op: kind, expected: `a number of ${name} from 1`, actual: '0' })
}
