import { ShapeError } from '../error/tensorError.ts'
import type { Shape } from '../type/tensor.ts'

/** The number of entries. */
export const sizeOf = (shape: Shape): number => {
  let n = 1
  for (let i = 0; i < shape.length; i++) n *= shape[i] as number
  return n
}

/** The strides of row-major data: the last axis is contiguous. */
export const stridesOf = (shape: Shape): number[] => {
  const strides = new Array<number>(shape.length)
  let n = 1
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = n
    n *= shape[i] as number
  }
  return strides
}

/** Where the matrices of a batch [...L, M, N] begin, in row-major order of the leading axes. */
export const matrices = (shape: Shape, stride: Shape): readonly number[] => {
  let found = [0]
  for (let axis = 0; axis < shape.length - 2; axis++)
    found = found.flatMap((p) =>
      Array.from({ length: shape[axis] as number }, (_, i) => p + i * (stride[axis] as number)),
    )
  return found
}

export const sameShape = (a: Shape, b: Shape): boolean => {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

/** `[2, 3]`; a size that is free may be given as text: `[batch, 3]`. */
export const showShape = (shape: readonly (number | string)[]): string => `[${shape.join(', ')}]`

/** Sizes are whole and not negative. */
export const checkShape = (op: string, shape: Shape): void => {
  for (const n of shape)
    if (!Number.isSafeInteger(n) || n < 0)
      throw new ShapeError({ op, expected: 'whole sizes that are not negative', actual: showShape(shape) })
}

/** Two operands of one shape. */
export const checkSame = (op: string, a: { readonly shape: Shape }, b: { readonly shape: Shape }): void => {
  if (!sameShape(a.shape, b.shape))
    throw new ShapeError({
      op,
      expected: `two tensors of one shape, the first is ${showShape(a.shape)}`,
      actual: showShape(b.shape),
      remedy: 'nothing is broadcast silently: use broadcast or reshape',
    })
}

export const checkRank = (op: string, a: { readonly shape: Shape }, rank: number): void => {
  if (a.shape.length < rank) throw new ShapeError({ op, expected: `at least ${rank} axes`, actual: showShape(a.shape) })
}

/** An axis counted from the front; negative ones count from the back. */
export const axisOf = (op: string, shape: Shape, axis: number): number => {
  const rank = shape.length
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank)
    throw new ShapeError({ op, expected: `an axis of ${showShape(shape)}`, actual: `${axis}` })
  return axis < 0 ? axis + rank : axis
}

/** Some axes, each named once, in ascending order; all of them if none is given. */
export const axesOf = (op: string, shape: Shape, axes?: number | readonly number[]): readonly number[] => {
  if (axes === undefined) return shape.map((_, i) => i)
  const found = (typeof axes === 'number' ? [axes] : axes).map((a) => axisOf(op, shape, a)).sort((a, b) => a - b)
  if (new Set(found).size < found.length)
    throw new ShapeError({ op, expected: 'each axis once', actual: showShape(axes as readonly number[]) })
  return found
}

/** The index of the nth entry in row-major order. */
export const indexOf = (n: number, shape: Shape): readonly number[] => {
  const index = new Array<number>(shape.length)
  let rest = n
  for (let i = shape.length - 1; i >= 0; i--) {
    const size = shape[i] as number
    index[i] = rest % size
    rest = Math.floor(rest / size)
  }
  return index
}
