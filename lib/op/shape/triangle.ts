import { ValueError } from '../../error/tensorError.ts'
import { allocate, describe, floatDType } from '../../tensor/data.ts'
import { checkRank } from '../../tensor/shape.ts'
import { fresh } from '../../tensor/view.ts'
import type { Float, Shape, Tensor } from '../../type/tensor.ts'
import { maskAbove } from '../activation/relu.ts'
import { broadcast } from '../reduce/sum.ts'

type Triangle = <S extends Shape, D extends Float>(x: Tensor<S, D>, k?: number) => Tensor<S, D>

/** The entries of the last two axes for which a condition of row and column holds; 0 elsewhere. */
const part =
  (op: string, holds: (row: number, column: number, k: number) => boolean): Triangle =>
  (x, k = 0) => {
    floatDType(op, x)
    checkRank(op, x, 2)
    if (!Number.isSafeInteger(k))
      throw new ValueError({ op, expected: 'a whole number for the diagonal', actual: describe(k) })
    const [m = 0, n = 0] = x.shape.slice(-2)
    const mask = allocate(x.dtype, m * n, op)
    for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) mask[i * n + j] = Number(holds(i, j, k))
    return maskAbove(x, broadcast(fresh([m, n], mask), x.shape) as never) as never
  }

/**
 * The lower triangle of each matrix (the last two axes), with 0 above it. The diagonal k is its edge: 0 for the main one,
 * positive above it, negative below.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.tril(fromNested([[1, 2], [3, 4]]))) // => [[1, 0], [3, 4]]
 */
export const tril: Triangle = /* @__PURE__ */ part('tril', (i, j, k) => j - i <= k)

/**
 * The upper triangle of each matrix (the last two axes), with 0 below it. The diagonal k is its edge: 0 for the main one,
 * positive above it, negative below.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.triu(fromNested([[1, 2], [3, 4]]), 1)) // => [[0, 2], [0, 0]]
 */
export const triu: Triangle = /* @__PURE__ */ part('triu', (i, j, k) => j - i >= k)
