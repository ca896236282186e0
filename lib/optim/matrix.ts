import { reshape } from '../op/shape/reshape.ts'
import type { Shape, Tensor } from '../type/tensor.ts'

/**
 * The sizes of a tensor as a matrix: its first axis by all others, as the weights that lead to one unit lie in `linear`
 * and in convolutions. Undefined for a tensor of fewer than two axes, which is no matrix.
 */
export const matrixSizes = ([rows, ...others]: Shape): readonly [rows: number, columns: number] | undefined =>
  rows === undefined || others.length === 0 ? undefined : [rows, others.reduce((n, size) => n * size, 1)]

/** A function of matrices, applied to a tensor of two axes or more. */
export const asMatrix = (x: Tensor, sizes: readonly [number, number], f: (x: Tensor) => Tensor): Tensor =>
  reshape(f(reshape(x, sizes) as Tensor), x.shape) as Tensor
