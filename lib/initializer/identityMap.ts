import { fromArray } from '../tensor/from.ts'
import { sizeOf } from '../tensor/shape.ts'
import { fansOf } from './fans.ts'
import type { Initializer } from './initializer.ts'

/**
 * Initial weights of the identity map, as far as there are as many outputs: a matrix [out, in] with ones on its
 * diagonal; kernels [out, height, width, in] with a one in the middle, at ⌊size / 2⌋, from each channel to the same. As
 * PyTorch's `eye_` and `dirac_`. A shape of fewer than two axes is a `ShapeError`.
 *
 * @example
 * import { init, initializer, key, linear, toNested } from 'pullback'
 * toNested(init(linear(3, 2, { W: initializer.identityMap }), key(0)).params.W) // => [[1, 0, 0], [0, 1, 0]]
 */
export const identityMap: Initializer = (_, shape, dtype) => {
  const each = fansOf('identityMap', shape).in
  const [outputs, inputs] = [shape[0] as number, shape.at(-1) as number]
  const middle = shape.slice(1, -1).reduce((at, n) => at * n + Math.floor(n / 2), 0)
  const values = new Float64Array(sizeOf(shape))
  if (values.length > 0) for (let o = 0; o < Math.min(outputs, inputs); o++) values[o * each + middle * inputs + o] = 1
  return fromArray(values, shape, dtype)
}
