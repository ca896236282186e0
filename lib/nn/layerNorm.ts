import { type Layer, none } from '../layer/layer.ts'
import { sizeOf } from '../tensor/shape.ts'
import { fixed } from '../tree/fixed.ts'
import type { Ending } from '../type/ending.ts'
import type { Any } from '../type/port.ts'
import type { Shape } from '../type/tensor.ts'
import {
  type Affine,
  checkNormalization,
  eachExample,
  type Last,
  type NormalizationOptions,
  type ScaleShift,
  scaleShift,
} from './normalization.ts'

/**
 * (x − mean) / √(variance + ε) · scale + shift, where mean and variance are those of one example at one position: over
 * the last axis, or over the last axes if their sizes are given as a list. Training and evaluation compute the same,
 * also for a batch of one. The variance is biased (divided by n), and ε is 1e-5. Scale and shift start as ones and
 * zeros; `affine: false` omits them. All of this is as in PyTorch.
 *
 * An input that does not end in these sizes is a `ShapeError`, at compile time if its shape is known there; a negative
 * ε is a `ValueError`.
 *
 * Ba, Kiros, Hinton, "Layer normalization" (2016).
 *
 * @example
 * import { fromNested, init, key, layerNorm, predict, toNested } from 'pullback'
 * const layer = layerNorm(2, { epsilon: 0 })
 * toNested(predict(layer, init(layer, key(0)), fromNested([[1, 3], [10, 10.5]]))) // => [[-1, 1], [-1, 1]]
 */
export const layerNorm = <const T extends number | Shape, const A extends boolean = true>(
  features: T,
  options: NormalizationOptions<A> = {},
): Layer<Any, Ending<Last<T>>, Affine<A, ScaleShift<Last<T>>>> => {
  const shape: Shape = fixed<Shape>(typeof features === 'number' ? [features] : features)
  checkNormalization('layerNorm', shape, options)
  const { epsilon = 1e-5, affine = true as A, ...initial } = options
  const params = affine ? scaleShift(shape, initial) : none
  return eachExample('layerNorm', shape, params, (leading) => ({
    blocks: sizeOf(leading),
    groups: 1,
    centered: true,
    epsilon,
  }))
}
