// What several transformations do entry by entry, as composites of operations.
import { add, addScaled } from '../op/add.ts'
import { mul } from '../op/mul.ts'
import { neg } from '../op/neg.ts'
import { gate, relu } from '../op/relu.ts'
import { scale, shift } from '../op/scale.ts'
import { sub } from '../op/sub.ts'
import { full } from '../tensor/create.ts'
import type { Tensor } from '../type/tensor.ts'

export const square = (x: Tensor): Tensor => mul(x, x)

/** decay · mean + (1 − decay) · x: a running mean, with one number more. */
export const average = (mean: Tensor, x: Tensor, decay: number): Tensor => addScaled(scale(mean, decay), x, 1 - decay)

/** |x|; NaN stays NaN. */
export const absolute = (x: Tensor): Tensor => add(relu(x), relu(neg(x)))

const onesLike = (x: Tensor): Tensor => full(x.shape, 1, x.dtype)

/** The larger of two, exactly; where either is NaN, b. */
export const larger = (a: Tensor, b: Tensor): Tensor => {
  const lead = sub(a, b)
  const behind = shift(neg(gate(onesLike(a), lead)), 1) // 0 where a leads, else 1
  return add(gate(a, lead), gate(b, behind))
}

/** −1, 0 or 1; NaN where x is not finite. */
export const sign = (x: Tensor): Tensor => {
  const one = onesLike(x)
  return add(sub(gate(one, x), gate(one, neg(x))), sub(x, x))
}

/** x no further from 0 than the limit; NaN stays NaN. */
export const clipped = (x: Tensor, limit: number): Tensor => {
  const least = scale(onesLike(x), -limit)
  return neg(larger(least, neg(larger(least, x))))
}
