import { unboxed } from '../../diff/boxed.ts'
import { ShapeError } from '../../error/tensorError.ts'
import { checkTensor, floatDType } from '../../tensor/data.ts'
import { checkLabels } from '../../tensor/label.ts'
import { checkShape, sameShape, showShape } from '../../tensor/shape.ts'
import type { Float, Shape, Tensor } from '../../type/tensor.ts'
import { scatterAdd } from './gather.ts'

/**
 * Rows put into n rows of zeros at the places an index names; those at one place are added: rows [...I, ...R] and index
 * [...I] give [n, ...R]. The transpose of `gather`, PyTorch's `index_add` into zeros. An index outside 0 … n − 1 is a
 * `ValueError`.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * const rows = fromNested([[1, 2], [3, 4], [5, 6]])
 * toNested(op.scatter(rows, fromNested([2, 0, 2], 'int32'), 3)) // => [[3, 4], [0, 0], [6, 8]]
 */
export const scatter = <D extends Float>(
  rows: Tensor<Shape, D>,
  index: Tensor<Shape, 'int32'>,
  n: number,
): Tensor<Shape, D> => {
  floatDType('scatter', rows)
  checkTensor('scatter', index)
  checkShape('scatter', [n])
  const leading = rows.shape.slice(0, index.shape.length)
  if (!sameShape(leading, index.shape))
    throw new ShapeError({
      op: 'scatter',
      expected: `rows that begin with the sizes ${showShape(index.shape)} of the index`,
      actual: showShape(rows.shape),
    })
  checkLabels('scatter', unboxed(index), n, 'indices')
  return scatterAdd(rows, index, n) as Tensor<Shape, D>
}
