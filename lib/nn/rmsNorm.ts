import { constant } from '../initializer/constant.ts'
import { type Layer, none } from '../layer/layer.ts'
import { sizeOf } from '../tensor/shape.ts'
import { fixed } from '../tree/fixed.ts'
import type { Ending } from '../type/ending.ts'
import type { Any } from '../type/port.ts'
import type { Shape, Tensor } from '../type/tensor.ts'
import { type Affine, checkNormalization, eachExample, type Last, type NormalizationOptions } from './normalization.ts'

/**
 * x / √(mean of x² + ε) · scale over the last axis, or over the last axes if their sizes are given as a list:
 * `layerNorm` without subtracting the mean and without a shift. The scale starts as ones; `affine: false` omits it. ε
 * is the distance from 1 to the next number of the number format, as in PyTorch.
 *
 * An input that does not end in these sizes is a `ShapeError`, at compile time if its shape is known there; a negative
 * ε is a `ValueError`.
 *
 * Zhang, Sennrich, "Root mean square layer normalization" (NeurIPS 2019).
 *
 * @example
 * import { fromNested, init, key, predict, rmsNorm, toNested } from 'pullback'
 * const layer = rmsNorm(4, { epsilon: 0 })
 * toNested(predict(layer, init(layer, key(0)), fromNested([[0, 4, 0, 0]]))) // => [[0, 2, 0, 0]]
 */
export const rmsNorm = <const T extends number | Shape, const A extends boolean = true>(
  features: T,
  options: Omit<NormalizationOptions<A>, 'shift'> = {},
): Layer<Any, Ending<Last<T>>, Affine<A, { readonly scale: Tensor<Last<T>> }>> => {
  const shape: Shape = fixed<Shape>(typeof features === 'number' ? [features] : features)
  checkNormalization('rmsNorm', shape, options, ['epsilon', 'affine', 'scale'])
  const { epsilon, affine = true as A, scale = constant(1) } = options
  const params = affine ? { scale: { shape, draw: scale } } : none
  return eachExample('rmsNorm', shape, params, (leading, dtype) => ({
    blocks: sizeOf(leading),
    groups: 1,
    centered: false,
    epsilon: epsilon ?? (dtype === 'float32' ? 2 ** -23 : 2 ** -52),
  }))
}
