import { add } from '../../op/elementwise/add.ts'
import { mul } from '../../op/elementwise/mul.ts'
import { neg } from '../../op/elementwise/neg.ts'
import { broadcast } from '../../op/reduce/sum.ts'
import { concat } from '../../op/shape/concat.ts'
import { slice } from '../../op/shape/slice.ts'
import { fromArray } from '../../tensor/from.ts'
import type { Float, Tensor } from '../../type/tensor.ts'

/** The angle of feature pair i of n at a place: place / 10000^(i / n). */
export const angle = (place: number, i: number, n: number): number => place / 10_000 ** (i / n)

/** A table [places, features] of numbers. */
export const tableOf = (
  places: number,
  features: number,
  dtype: Float,
  f: (place: number, feature: number) => number,
): Tensor =>
  fromArray(
    Array.from({ length: places * features }, (_, p) => f(Math.floor(p / features), p % features)),
    [places, features],
    dtype,
  ) as Tensor

/**
 * Pairs of features, one of the first half and one of the second, turned by angles that grow with their place, so that
 * products of two turned vectors depend on the distance of their places only: x [batch, heads, steps, e] for an even e.
 *
 * Su et al., "RoFormer" (2021), with the pairing of GPT-NeoX.
 */
export const rotated = (x: Tensor): Tensor => {
  const [, , steps, e] = x.shape as readonly [number, number, number, number]
  const half = Math.floor(e / 2)
  const table = (f: (a: number) => number): Tensor =>
    broadcast(
      tableOf(steps, e, x.dtype, (place, i) => (i < 2 * half ? f(angle(place, i % half, half)) : f(0))),
      x.shape,
    ) as Tensor
  const part = (from: number, to: number): Tensor => slice(x, [null, null, null, [from, to]]) as Tensor
  const across = concat([neg(part(half, 2 * half)) as Tensor, part(0, half), part(2 * half, e)], -1) as Tensor
  return add(mul(x, table(Math.cos) as never), mul(across, table(Math.sin) as never) as never) as Tensor
}
