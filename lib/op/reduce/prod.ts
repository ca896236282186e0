import { ones } from '../../tensor/create.ts'
import { floatDType } from '../../tensor/data.ts'
import { axesOf, sizeOf } from '../../tensor/shape.ts'
import type { Tensor } from '../../type/tensor.ts'
import { mul } from '../elementwise/mul.ts'
import { concat } from '../shape/concat.ts'
import { reshape } from '../shape/reshape.ts'
import { slice } from '../shape/slice.ts'
import { transpose } from '../shape/transpose.ts'
import type { Reduction } from '../signature.ts'
import { keptShape } from './sum.ts'

/** The product of the rows of x [n, ...], n ≥ 1: halves are multiplied until one row is left. */
const rowsMultiplied = (x: Tensor): Tensor => {
  const n = x.shape[0] as number
  if (n === 1) return slice(x, [0]) as Tensor
  const half = Math.floor(n / 2)
  const products = mul(slice(x, [[0, half]]), slice(x, [[half, 2 * half]]) as never) as Tensor
  return rowsMultiplied(n % 2 === 0 ? products : (concat([products, slice(x, [[2 * half, n]]) as Tensor]) as Tensor))
}

/**
 * The product over some axes, over all if none is given. Its derivative is the product of the other entries, right where
 * entries are 0 too. The product of nothing is 1.
 *
 * @example
 * import { fromNested, grad, op, type Tensor, toNested } from 'pullback'
 * toNested(op.prod(fromNested([[1, 2], [3, 4]]), 1)) // => [2, 12]
 * toNested(grad((x: Tensor) => op.prod(x))(fromNested([0, 2, 3]))) // => [6, 0, 0]
 */
export const prod = ((x: Tensor, axes?: number | readonly number[], options?: { readonly keep: true }) => {
  floatDType('prod', x)
  const over = axesOf('prod', x, axes)
  const rest = [...x.shape.keys()].filter((i) => !over.includes(i))
  const sizes = rest.map((i) => x.shape[i] as number)
  const n = sizeOf(over.map((i) => x.shape[i] as number))
  const rows = reshape(transpose(x, [...over, ...rest]), [n, ...sizes]) as Tensor
  const y = n === 0 ? ones(sizes, x.dtype) : rowsMultiplied(rows)
  return options?.keep ? reshape(y, keptShape(x.shape, over)) : y
}) as Reduction
