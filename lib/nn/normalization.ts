// The parts that the normalizing layers share.

import type { Thunk } from '../diff/trace.ts'
import { untraced } from '../diff/untraced.ts'
import { checkOptions, isFrom } from '../error/options.ts'
import { ShapeError, ValueError } from '../error/tensorError.ts'
import { checkInitial } from '../initializer/checkInitial.ts'
import { constant, zeros as drawnZeros } from '../initializer/constant.ts'
import type { Initializer } from '../initializer/initializer.ts'
import type { Normalization } from '../kernel/kernels.ts'
import { type AnyLayer, any, type Cotangents, type Empty, type Leaf, lazy } from '../layer/layer.ts'
import { own } from '../layer/records.ts'
import { stateless } from '../layer/stateless.ts'
import { moments, normalize } from '../op/normalize/normalize.ts'
import { reshape } from '../op/shape/reshape.ts'
import { ones, zeros } from '../tensor/create.ts'
import { describe, floatDType, sameDType } from '../tensor/data.ts'
import { checkShape, showShape, sizeOf } from '../tensor/shape.ts'
import type { Any, Same } from '../type/port.ts'
import type { Float, Shape, Tensor } from '../type/tensor.ts'

/** The options of a layer that normalizes. */
export interface NormalizationOptions<A extends boolean> {
  /** The number added to the variance, under the root. */
  readonly epsilon?: number | undefined
  /** Set to false for a layer without a learned scale and shift. */
  readonly affine?: A | undefined
  /** The initializer of the scale, ones by default. */
  readonly scale?: Initializer | undefined
  /** The initializer of the shift, zeros by default. */
  readonly shift?: Initializer | undefined
}

/** The factor and the addend for each entry of the last axes. */
export type ScaleShift<S extends Shape> = { readonly scale: Tensor<S>; readonly shift: Tensor<S> }
/** The parameters, or an empty record if `affine` is false. */
export type Affine<A extends boolean, P> = [A] extends [true] ? P : Empty
/** The sizes of the last axes of an example: one, or several. */
export type Last<T extends number | Shape> = T extends number ? readonly [T] : T
/** The parameters that a layer has: scale, shift, both or neither. */
export type Learned = { readonly [name: string]: Tensor }

/** The declarations of a scale and a shift. */
export const scaleShift = (
  shape: Shape,
  {
    scale = constant(1),
    shift = drawnZeros,
  }: { readonly scale?: Initializer | undefined; readonly shift?: Initializer | undefined },
) => ({ scale: { shape, draw: scale }, shift: { shape, draw: shift } })

const normalizationOptions = ['epsilon', 'affine', 'scale', 'shift'] as const

/** Checks the configuration of a layer: its sizes and its options. */
export const checkNormalization = (
  kind: string,
  shape: Shape,
  options: Omit<NormalizationOptions<boolean>, 'shift'>,
  names: readonly string[] = normalizationOptions,
): void => {
  checkShape(kind, shape)
  checkOptions(kind, options, names)
  const { epsilon = 0, affine = true, ...initial } = options
  checkInitial(kind, initial, ['scale', 'shift'])
  if (typeof affine !== 'boolean')
    throw new ValueError({
      op: kind,
      expected: 'affine as true or false',
      actual: describe(affine),
      code: 'wrong-argument',
    })
  if (!isFrom(epsilon, 0, Number.MAX_VALUE))
    throw new ValueError({ op: kind, expected: 'an epsilon that is not negative', actual: describe(epsilon) })
}

/**
 * Checks that a minibatch ends in the sizes of a layer and has the number format of its parameters. Returns the sizes
 * before them.
 */
export const leadingSizes = (kind: string, shape: Shape, x: Tensor, numbers: Learned): Shape => {
  floatDType(kind, x)
  const rank = x.shape.length - shape.length
  if (rank < 1 || shape.some((n, i) => n !== x.shape[rank + i]))
    throw new ShapeError({ op: kind, expected: showShape(['batch', '…', ...shape]), actual: showShape(x.shape) })
  for (const n of Object.values(numbers)) sameDType(kind, x, n)
  return x.shape.slice(0, rank)
}

type Pull = (
  x: Tensor,
  scale: Tensor,
  shift: Tensor,
) => readonly [value: Tensor, pullback: (dy: Tensor) => readonly (Thunk | null)[]]

/**
 * Applies an operation on a matrix, with a scale and a shift for its columns, to a minibatch reshaped to [m, n]. A
 * missing scale is ones, a missing shift is zeros.
 */
export const asMatrix = (x: Tensor, [m, n]: readonly [number, number], learned: Learned, pull: Pull) => {
  const matrix = (t: Tensor): Tensor => reshape(t, [m, n]) as Tensor
  const { scale = ones([n], x.dtype), shift = zeros([n], x.dtype) } = learned
  const [value, back] = pull(matrix(x), reshape(scale, [n]) as Tensor, reshape(shift, [n]) as Tensor)
  const pullback = (dy: Tensor): Cotangents<Learned, Tensor> => {
    const [dx, dscale, dshift] = back(matrix(dy)) as readonly [Thunk, Thunk, Thunk]
    const of: { readonly [name: string]: Thunk } = { scale: dscale, shift: dshift }
    const cotangent = ([name, { shape }]: readonly [string, Tensor]) => [name, reshape((of[name] as Thunk)(), shape)]
    return {
      params: lazy(() => Object.fromEntries(Object.entries(learned).map(cotangent))),
      input: lazy(() => reshape(dx(), x.shape) as Tensor),
    }
  }
  return [reshape(value, x.shape) as Tensor, pullback] as const
}

/**
 * A layer that normalizes each example by itself, in blocks and groups of the matrix whose columns are the last axes.
 */
export const eachExample = (
  kind: string,
  shape: Shape,
  params: { readonly [name: string]: Leaf },
  how: (leading: Shape, dtype: Float) => Normalization,
): AnyLayer =>
  stateless<Any, Same, Learned>(kind, any, params, (given, x) => {
    const learned = own(params, given)
    const leading = leadingSizes(kind, shape, x, learned)
    const o = how(leading, x.dtype)
    return asMatrix(x, [sizeOf(leading), sizeOf(shape)], learned, (matrix, scale, shift) =>
      normalize.pull(matrix, scale, shift, ...moments(untraced(matrix), o), o),
    )
  })
