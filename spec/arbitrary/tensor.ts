import fc from 'fast-check'
import { type Float, fromArray, op, type Shape, type Tensor, toTypedArray, unsafeFromBuffer } from 'pullback'

/** Shapes of some rank with small sizes, zero among them. */
export const shapes = (
  rank: { readonly minLength?: number; readonly maxLength?: number } = {},
): fc.Arbitrary<number[]> => fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 0, maxLength: 3, ...rank })

/** Numbers of a size that functions of them stay finite. */
export const numbers: fc.Arbitrary<number> = fc.double({ min: -3, max: 3, noNaN: true })

/** A tensor of a shape, with numbers drawn from an arbitrary. */
export const tensorOf = <D extends Float = 'float64'>(
  shape: Shape,
  from: fc.Arbitrary<number> = numbers,
  dtype = 'float64' as D,
): fc.Arbitrary<Tensor<Shape, D>> => {
  const size = shape.reduce((a, b) => a * b, 1)
  return fc.array(from, { minLength: size, maxLength: size }).map((xs) => fromArray(xs, shape, dtype))
}

export const tensors: fc.Arbitrary<Tensor> = shapes().chain((shape) => tensorOf(shape))

const copy = <T extends Tensor>(x: T): T => unsafeFromBuffer(toTypedArray(x), x.shape) as unknown as T
const flip = (x: Tensor): Tensor =>
  op.slice(
    x,
    x.shape.map(() => [null, null, -1] as const),
  ) as Tensor

/** The same tensor in the ways it may lie in memory: as it is, transposed, backward, and every second entry of a larger one. */
export const layouts = <T extends Tensor>(x: T): readonly (readonly [name: string, T])[] => {
  if (x.shape.length === 0) return [['plain', copy(x)]]
  const spread = op.slice(
    op.concat([x, x, x].map((y) => copy(y)) as Tensor[], -1),
    x.shape.map((n, i) => (i === x.shape.length - 1 ? [n, 2 * n] : [null, null])),
  )
  return [
    ['plain', copy(x)],
    ['transposed', op.transpose(copy(op.transpose(x))) as T],
    ['flipped', flip(copy(flip(x))) as T],
    ['sliced', spread as T],
  ]
}
