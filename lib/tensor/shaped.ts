import { ShapeError } from '../error/tensorError.ts'
import type { DType, Shape, Tensor } from '../type/tensor.ts'
import { describeShape, notATensor } from './data.ts'
import { showShape } from './shape.ts'
import { isTensor } from './view.ts'

/** A shape with −1 for unknown sizes. */
export type Sized<S extends Shape> = { readonly [K in keyof S]: S[K] extends -1 ? number : S[K] }

/**
 * Checks that a tensor has a shape, and returns it; another shape is a `ShapeError`, −1 fits any size. It tells the
 * compiler a shape known only at run time, such as that of data from a file.
 *
 * @example
 * import { fromNested, shaped, type Tensor } from 'pullback'
 * const rows: number[][] = [[1, 2], [3, 4], [5, 6]]
 * const x: Tensor<readonly [number, 2]> = shaped(fromNested(rows), [-1, 2])
 * x.shape // => [3, 2]
 */
export const shaped = <const S extends Shape, D extends DType>(t: Tensor<Shape, D>, shape: S): Tensor<Sized<S>, D> => {
  if (!isTensor(t)) throw notATensor('shaped', t)
  if (!Array.isArray(shape) || !shape.every(Number.isInteger))
    throw new ShapeError({
      op: 'shaped',
      expected: 'a shape, such as [-1, 3]',
      actual: describeShape(shape),
      code: 'bad-shape',
    })
  if (t.shape.length !== shape.length || shape.some((n, i) => n !== -1 && n !== t.shape[i]))
    throw new ShapeError({
      op: 'shaped',
      expected: showShape(shape.map((n) => (n === -1 ? 'any' : n))),
      actual: showShape(t.shape),
    })
  return t as unknown as Tensor<Sized<S>, D>
}
