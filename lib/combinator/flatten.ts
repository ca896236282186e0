import { any, type Layer } from '../layer/layer.ts'
import { parameterless } from '../layer/stateless.ts'
import { reshape } from '../op/shape/reshape.ts'
import { checkRank, sizeOf } from '../tensor/shape.ts'
import type { Product } from '../type/nat.ts'
import type { Any, Fn, ShowPort } from '../type/port.ts'
import type { Shape } from '../type/tensor.ts'

/** All axes of an example as one. */
export interface Flattened extends Fn {
  readonly out: this['in'] extends Shape
    ? readonly [Product<this['in']>]
    : this['in'] extends Any
      ? readonly [number]
      : `takes one tensor, but the layer before gives ${ShowPort<this['in']>}`
}

/**
 * Reshapes each example to a vector, its entries in row-major order: [batch, …] to [batch, size]. Use it between
 * convolutions and `linear`.
 *
 * @example
 * import { flatten, init, key, predict, zeros } from 'pullback'
 * predict(flatten, init(flatten, key(0)), zeros([5, 4, 4, 2])).shape // => [5, 32]
 */
export const flatten: Layer<Any, Flattened> = parameterless<Any, Flattened>('flatten', any, (x) => {
  checkRank('flatten', x, 1)
  return reshape.pull(x, [x.shape[0] as number, sizeOf(x.shape.slice(1))])
})
