import { nextId } from '../diff/boxed.ts'
import type { Mapping } from '../diff/mapped.ts'
import { spread, sum } from '../op/reduce/sum.ts'
import { concat } from '../op/shape/concat.ts'
import { reshape } from '../op/shape/reshape.ts'
import { slice } from '../op/shape/slice.ts'
import type { AnyTensor, Tensor } from '../type/tensor.ts'

/** The level for a number of examples: operations of `vmap` on the axis in front. */
export const mapping = (size: number): Mapping => ({
  level: nextId(),
  size,
  example: (x, i) => slice(x, [i]) as AnyTensor,
  stack: (xs) => concat(xs.map((x) => reshape(x, [1, ...x.shape]) as AnyTensor)),
  repeat: (x) => spread(x, [0], [size, ...x.shape]),
  sum: (x) => sum(x as Tensor, 0) as AnyTensor,
})
