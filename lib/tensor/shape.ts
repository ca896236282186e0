import { ShapeError } from '../error/tensorError.ts'
import type { Shape } from '../type/tensor.ts'
import { checkTensor, describe, describeShape } from './data.ts'

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

/** The positions of a tensor's entries in a buffer. */
export interface Layout {
  readonly shape: Shape
  readonly stride: Shape
  readonly offset: number
}

/** The positions of the first entry of a layout in its buffer, and after the last. */
export const spanOf = ({ shape, stride, offset }: Layout): readonly [from: number, to: number] => {
  let [from, to] = [offset, offset + 1]
  for (let i = 0; i < shape.length; i++) {
    const d = ((shape[i] as number) - 1) * (stride[i] as number)
    if (d < 0) from += d
    else to += d
  }
  return [from, to]
}

/** True if all entries of a layout lie in a buffer of some length. */
export const isWithin = (at: Layout, length: number): boolean => {
  const [from, to] = spanOf(at)
  return sizeOf(at.shape) === 0 || (from >= 0 && to <= length)
}

/**
 * The positions of the matrices of a batch [...L, M, N], in row-major order of the leading axes; none if they have no
 * entries.
 */
export const matrices = (shape: Shape, stride: Shape): readonly number[] => {
  if (shape.includes(0)) return []
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

/** A shape as text, `[2, 3]`; a free size may be given as text: `[batch, 3]`. */
export const showShape = (shape: readonly (number | string)[]): string => `[${shape.join(', ')}]`

/**
 * The largest number of axes, long the limit of NumPy: a class is compiled for each rank, more slowly for higher ones.
 */
export const mostAxes = 32

/**
 * Checks a shape: an array of whole sizes that are not negative. Without entries the other sizes are limited too, to
 * products that a number counts exactly; with entries, memory limits them.
 */
export const checkShape = (op: string, shape: Shape): void => {
  if (!Array.isArray(shape))
    throw new ShapeError({
      op,
      expected: 'a shape, which is an array of sizes',
      actual: describe(shape),
      code: 'bad-shape',
      remedy: typeof shape === 'number' ? `write [${shape}]` : undefined,
    })
  if (shape.length > mostAxes)
    throw new ShapeError({
      op,
      expected: `a shape of at most ${mostAxes} axes`,
      actual: `${shape.length}`,
      code: 'bad-shape',
    })
  let [product, empty] = [1, false]
  for (const n of shape) {
    if (!Number.isSafeInteger(n) || n < 0)
      throw new ShapeError({
        op,
        expected: 'whole sizes that are not negative',
        actual: describeShape(shape),
        code: 'bad-shape',
      })
    if (n === 0) empty = true
    else product *= n
  }
  if (empty && product > Number.MAX_SAFE_INTEGER)
    throw new ShapeError({
      op,
      expected: 'sizes whose product is below 2⁵³',
      actual: describeShape(shape),
      code: 'bad-shape',
    })
}

/** A checked copy of a shape, for a tensor to keep. (Freezing it would make each operation take half as long again.) */
export const ownShape = <S extends Shape>(op: string, shape: S): S => {
  checkShape(op, shape)
  return [...shape] as Shape as S
}

/** Checks that two operands have one shape. */
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
  checkTensor(op, a)
  if (a.shape.length < rank) throw new ShapeError({ op, expected: `at least ${rank} axes`, actual: showShape(a.shape) })
}

/** The index of an axis counted from the front; negative axes count from the back. */
export const axisOf = (op: string, x: { readonly shape: Shape } | undefined, axis: number): number => {
  checkTensor(op, x)
  const rank = x.shape.length
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank)
    throw new ShapeError({
      op,
      expected: `an axis of ${showShape(x.shape)}`,
      actual: describe(axis),
      code: 'index-out-of-range',
    })
  return axis < 0 ? axis + rank : axis
}

/** The given axes, each named once, in ascending order; all axes by default. */
export const axesOf = (
  op: string,
  x: { readonly shape: Shape },
  axes?: number | readonly number[],
): readonly number[] => {
  checkTensor(op, x)
  if (axes === undefined) return x.shape.map((_, i) => i)
  const found = (Array.isArray(axes) ? axes : [axes]).map((a) => axisOf(op, x, a)).sort((a, b) => a - b)
  if (new Set(found).size < found.length)
    throw new ShapeError({
      op,
      expected: 'each axis once',
      actual: showShape(axes as readonly number[]),
      code: 'index-out-of-range',
    })
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
