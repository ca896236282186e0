import { Boxed } from '../diff/boxed.ts'
import { Mapped, mapped } from '../diff/mapped.ts'
import type { AnyTensor, Shape, Tensor } from '../type/tensor.ts'

/**
 * Random numbers of a shape for a minibatch. If the minibatch is one example of a mapped call, each example gets its
 * own numbers, the same ones as when all examples are one minibatch.
 */
export const noiseFor = (x: AnyTensor, shape: Shape, draw: (shape: Shape) => Tensor): Tensor => {
  const given: unknown = x
  if (!(given instanceof Boxed)) return draw(shape)
  if (!(given instanceof Mapped)) return noiseFor(given.primal, shape, draw)
  const { mapping, primal } = given
  return mapped(mapping, noiseFor(primal, [mapping.size, ...shape], draw)) as Tensor
}
