import type { Layer, Leaf } from '../../layer/layer.ts'
import type { Loose } from '../../layer/records.ts'
import { div } from '../../op/elementwise/div.ts'
import { mul } from '../../op/elementwise/mul.ts'
import { spread } from '../../op/reduce/sum.ts'
import type { Tensor } from '../../type/tensor.ts'
import { divisors, lengthsOf, weightOf, withWeight } from './weight.ts'

/** The lengths g and the directions v of the rows of W. */
export type Polar<W> =
  W extends Tensor<readonly [infer N extends number, ...number[]]>
    ? { readonly g: Tensor<readonly [N]>; readonly v: W }
    : never

/** Parameters whose W is given by lengths and directions. */
export type WeightNormalized<P> = { readonly [K in keyof P]: K extends 'W' ? Polar<P[K]> : P[K] }

const product = ({ g, v }: { readonly g: Tensor; readonly v: Tensor }): Tensor => {
  const axes = [...v.shape.keys()].slice(1)
  return mul(v, spread(div(g, divisors(lengthsOf(v))), axes, v.shape) as Tensor)
}

/**
 * A layer whose W is g · v / ‖v‖ for each of its rows: how long each is and where it points are learned apart, which
 * often makes steps more even. In place of W there are `W.g`, the lengths, and `W.v`, shaped as W. Rows run along the
 * first axis, as in PyTorch's `weight_norm`: that of the outputs, or of the inputs of a transposed convolution. v is
 * drawn as the layer draws W, from the same key, and g as the lengths of those rows: so it begins as the layer itself
 * would. (Whoever draws `W.v` otherwise, by `initWith`, gives `W.g` too.) A row v of zeros is divided by 1, and no
 * gradient is NaN. A layer without a parameter W [outputs, …] is a `StructureError` or a `ShapeError`. Salimans and
 * Kingma, "Weight normalization", 2016.
 *
 * @example
 * import { init, key, linear, weightNorm } from 'pullback'
 * const { params } = init(weightNorm(linear(3, 2)), key(0))
 * params.W.g.shape // => [2]
 * params.W.v.shape // => [2, 3]
 */
export const weightNorm = <I, O, P extends { readonly W: Tensor }, S>(
  layer: Layer<I, O, P, S>,
): Layer<I, O, WeightNormalized<P>, S> => {
  const { shape, draw } = weightOf('weightNorm', layer)
  const v: Leaf = { shape, draw, sharesKey: true }
  const g: Leaf = {
    shape: shape.slice(0, 1),
    draw: (key, _shape, dtype) => lengthsOf(draw(key, shape, dtype) as Tensor) as never,
    sharesKey: true,
  }
  return {
    kind: 'weightNorm',
    input: layer.input,
    params: { ...(layer.params as Loose), W: { g, v } },
    state: layer.state,
    apply: withWeight(layer, product) as Loose,
  }
}
