import { checkOptions, isFrom } from '../error/options.ts'
import { ShapeError, ValueError } from '../error/tensorError.ts'
import { mul } from '../op/elementwise/mul.ts'
import { scale } from '../op/elementwise/scale.ts'
import { normal, permutation } from '../random/draw.ts'
import { foldIn, split } from '../random/key.ts'
import { describe } from '../tensor/data.ts'
import { fromArray } from '../tensor/from.ts'
import { showShape } from '../tensor/shape.ts'
import { toTypedArray } from '../tensor/to.ts'
import { checkDeviation } from './drawn.ts'
import type { Initializer } from './initializer.ts'

/**
 * Initial weights [out, in] in which each input has ⌈sparsity · out⌉ zeros, at random places; the others are normal
 * with mean 0 and a standard deviation, 0.01 by default. Martens 2010; as PyTorch's `sparse_`. A sparsity outside [0,
 * 1] and a negative deviation are a `ValueError`, any shape but a matrix is a `ShapeError`.
 *
 * @example
 * import { init, initializer, key, linear, toArray } from 'pullback'
 * const { W } = init(linear(10, 4, { W: initializer.sparse({ sparsity: 0.5 }) }), key(0)).params
 * toArray(W).filter((w) => w === 0).length // => 20
 */
export const sparse = (options: {
  readonly sparsity: number
  readonly deviation?: number | undefined
}): Initializer => {
  checkOptions('sparse', options, ['sparsity', 'deviation'])
  const { sparsity, deviation = 0.01 } = options
  checkDeviation('sparse', deviation)
  if (!isFrom(sparsity, 0, 1))
    throw new ValueError({ op: 'sparse', expected: 'a sparsity from 0 to 1', actual: describe(sparsity) })
  return (key, shape, dtype) => {
    if (shape.length !== 2)
      throw new ShapeError({ op: 'sparse', expected: 'weights [out, in]', actual: showShape(shape) })
    const [outputs, inputs] = shape as unknown as readonly [number, number]
    const [numbers, places] = split(key)
    const kept = new Float64Array(outputs * inputs).fill(1)
    for (let i = 0; i < inputs; i++)
      for (const o of toTypedArray(permutation(foldIn(places, i), outputs)).slice(0, Math.ceil(sparsity * outputs)))
        kept[o * inputs + i] = 0
    return mul(scale(normal(numbers, shape, dtype), deviation), fromArray(kept, shape, dtype))
  }
}
