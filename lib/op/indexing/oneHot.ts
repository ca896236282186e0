import { unboxed } from '../../diff/boxed.ts'
import { ones } from '../../tensor/create.ts'
import { checkLabels } from '../../tensor/label.ts'
import { checkShape } from '../../tensor/shape.ts'
import type { Float, Shape, Tensor } from '../../type/tensor.ts'
import { place } from './gather.ts'

/**
 * Class labels as rows of zeros with a one at the label: labels of shape [...L] give [...L, classes].
 * A label outside 0 … classes − 1 is a `ValueError`.
 *
 * @example
 * import { fromNested, oneHot, toNested } from 'pullback'
 * toNested(oneHot(fromNested([2, 0], 'int32'), 3)) // => [[0, 0, 1], [1, 0, 0]]
 */
export const oneHot = <const S extends Shape, const N extends number, D extends Float = 'float32'>(
  labels: Tensor<S, 'int32'>,
  classes: N,
  dtype?: D,
): Tensor<readonly [...S, N], NoInfer<D>> => {
  checkShape('oneHot', [classes])
  checkLabels('oneHot', unboxed(labels), classes)
  return place(ones(labels.shape, (dtype ?? 'float32') as D), labels, classes) as Tensor<readonly [...S, N], NoInfer<D>>
}
