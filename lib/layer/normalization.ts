// What the layers that normalise have in common.
import { ShapeError, ValueError } from '../error/tensorError.ts'
import { normalized } from '../op/normalize.ts'
import { reshape } from '../op/reshape.ts'
import { ones, zeros } from '../tensor/create.ts'
import { describe, floatDType, sameDType } from '../tensor/data.ts'
import { checkShape, showShape, sizeOf } from '../tensor/shape.ts'
import type { Float, Shape, Tensor } from '../type/tensor.ts'
import { layer } from './custom.ts'
import { type AnyLayer, any, type Empty, type Initializer, type Leaf } from './layer.ts'

/** How a layer normalises. */
export interface NormalizationOptions<A extends boolean> {
  /** What is added to the variance, within the root. */
  readonly epsilon?: number
  /** Whether there is something to learn. */
  readonly affine?: A
}

/** What each entry of the last axes is multiplied by, and what is added. */
export type ScaleShift<S extends Shape> = { readonly scale: Tensor<S>; readonly shift: Tensor<S> }
/** These parameters, or none. */
export type Affine<A extends boolean, P> = [A] extends [true] ? P : Empty
/** The last sizes of an example: one, or several. */
export type Last<T extends number | Shape> = T extends number ? readonly [T] : T
/** Those parameters that there are. */
export type Learned = { readonly [name: string]: Tensor }

const drawOnes: Initializer = (_, shape, dtype) => ones(shape, dtype)
const drawZeros: Initializer = (_, shape, dtype) => zeros(shape, dtype)
export const leafOfOnes = <S extends Shape>(shape: S): Leaf<S> => ({ shape, draw: drawOnes })
export const leafOfZeros = <S extends Shape>(shape: S): Leaf<S> => ({ shape, draw: drawZeros })

/** Checks how a layer is configured: its sizes, and what is added to the variance. */
export const checkNormalization = (kind: string, shape: Shape, epsilon: number): void => {
  checkShape(kind, shape)
  if (!(epsilon >= 0 && epsilon < Number.POSITIVE_INFINITY))
    throw new ValueError({ op: kind, expected: 'an epsilon that is not negative', actual: describe(epsilon) })
}

/** Checks that a minibatch ends in the sizes of a layer, and has the number format of its numbers; gives the sizes before. */
export const leadingSizes = (kind: string, shape: Shape, x: Tensor, numbers: Learned): Shape => {
  floatDType(kind, x)
  const rank = x.shape.length - shape.length
  if (rank < 1 || shape.some((n, i) => n !== x.shape[rank + i]))
    throw new ShapeError({ op: kind, expected: showShape(['batch', '…', ...shape]), actual: showShape(x.shape) })
  for (const n of Object.values(numbers)) sameDType(kind, x, n)
  return x.shape.slice(0, rank)
}

/** Scale and shift as vectors; ones and zeros where there are none. */
export const vectors = (
  { scale, shift }: Learned,
  n: number,
  dtype: Float,
): readonly [scale: Tensor, shift: Tensor] => [
  scale === undefined ? ones([n], dtype) : (reshape(scale, [n]) as Tensor),
  shift === undefined ? zeros([n], dtype) : (reshape(shift, [n]) as Tensor),
]

/** A layer that normalises the last axes of each example, all in one. */
export const lastAxes = (
  kind: string,
  shape: Shape,
  params: { readonly [name: string]: Leaf },
  centred: boolean,
  epsilon: (dtype: Float) => number,
): AnyLayer => {
  const n = sizeOf(shape)
  return layer({
    kind,
    input: any,
    params,
    forward: (given, x) => {
      const m = sizeOf(leadingSizes(kind, shape, x, given))
      const rows = reshape(x, [m, n]) as Tensor
      const o = { each: 'row', centred, epsilon: epsilon(x.dtype) } as const
      return reshape(normalized(rows, ...vectors(given, n, x.dtype), o), x.shape) as Tensor
    },
  })
}
