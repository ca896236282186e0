// Entrywise steps that several transformations share, as composites of operations.

import { maskAbove } from '../op/activation/relu.ts'
import { add, addScaled } from '../op/elementwise/add.ts'
import { mul } from '../op/elementwise/mul.ts'
import { neg } from '../op/elementwise/neg.ts'
import { scale } from '../op/elementwise/scale.ts'
import { sub } from '../op/elementwise/sub.ts'
import { full } from '../tensor/create.ts'
import type { Tensor } from '../type/tensor.ts'

export const square = (x: Tensor): Tensor => mul(x, x)

/** keep · a + take · b. */
export const mixed = (a: Tensor, b: Tensor, keep: number, take: number): Tensor => addScaled(scale(a, keep), b, take)

/** decay · mean + (1 − decay) · x: the running mean after one more number. */
export const average = (mean: Tensor, x: Tensor, decay: number): Tensor => mixed(mean, x, decay, 1 - decay)

const onesLike = (x: Tensor): Tensor => full(x.shape, 1, x.dtype)

/** −1, 0 or 1; NaN where x is not finite. */
export const sign = (x: Tensor): Tensor => {
  const one = onesLike(x)
  return add(sub(maskAbove(one, x), maskAbove(one, neg(x))), sub(x, x))
}
