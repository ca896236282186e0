import { ShapeError } from '../../error/tensorError.ts'
import { floatDType, sameDType } from '../../tensor/data.ts'
import { checkSame, showShape } from '../../tensor/shape.ts'
import type { AnyTensor, Float, Shape, Tensor } from '../../type/tensor.ts'
import { mul } from '../elementwise/mul.ts'
import { sum } from '../reduce/sum.ts'
import { reshape } from '../shape/reshape.ts'
import { slice } from '../shape/slice.ts'
import { matmul } from './matmul.ts'

const checkVector = (op: string, x: AnyTensor): void => {
  floatDType(op, x)
  if (x.shape.length !== 1) throw new ShapeError({ op, expected: 'vectors, of one axis', actual: showShape(x.shape) })
}

/**
 * Σ aᵢ bᵢ of two vectors of one size.
 *
 * @example
 * import { fromNested, item, op } from 'pullback'
 * item(op.dot(fromNested([1, 2]), fromNested([3, 4]))) // => 11
 */
export const dot = <N extends number, D extends Float>(
  a: Tensor<readonly [N], D>,
  b: Tensor<readonly [NoInfer<N>], NoInfer<D>>,
): Tensor<readonly [], D> => {
  for (const x of [a, b]) checkVector('dot', x)
  sameDType('dot', a, b)
  checkSame('dot', a, b)
  return sum(mul(a as Tensor, b as never)) as unknown as Tensor<readonly [], D>
}

/**
 * The products of each entry of one vector with each of another: a [M] and b [N] give aᵢ bⱼ, [M, N].
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.outer(fromNested([1, 2]), fromNested([3, 4]))) // => [[3, 4], [6, 8]]
 */
export const outer = <M extends number, N extends number, D extends Float>(
  a: Tensor<readonly [M], D>,
  b: Tensor<readonly [N], NoInfer<D>>,
): Tensor<readonly [M, N], D> => {
  for (const x of [a, b]) checkVector('outer', x)
  sameDType('outer', a, b)
  return matmul(reshape(a as Tensor, [a.size, 1]) as never, reshape(b as Tensor, [1, b.size]) as never) as never
}

/**
 * The sum of the diagonal of a matrix, the shorter of its sides long.
 *
 * @example
 * import { fromNested, item, op } from 'pullback'
 * item(op.trace(fromNested([[1, 2], [3, 4]]))) // => 5
 */
export const trace = <M extends number, N extends number, D extends Float>(
  x: Tensor<readonly [M, N], D>,
): Tensor<readonly [], D> => {
  floatDType('trace', x)
  if (x.shape.length !== 2) throw new ShapeError({ op: 'trace', expected: 'a matrix', actual: showShape(x.shape) })
  const [, n] = x.shape
  const side = Math.min(...x.shape)
  const flat = reshape(x as unknown as Tensor<Shape, D>, [x.size])
  const diagonal = side === 0 ? flat : slice(flat, [[0, (side - 1) * (n + 1) + 1, n + 1]])
  return sum(diagonal as Tensor) as unknown as Tensor<readonly [], D>
}
