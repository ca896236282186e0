import { ValueError } from '../error/tensorError.ts'
import type { DType, Shape, Tensor } from '../type/tensor.ts'
import { allocate, checkInt32, type DataOf } from './data.ts'
import { checkShape, sizeOf } from './shape.ts'
import { fresh } from './view.ts'

/**
 * A tensor of one number everywhere.
 *
 * @param shape whole sizes, none negative; anything else is a `ShapeError`
 * @param dtype float32 unless given
 *
 * @example
 * import { full, toNested } from 'pullback'
 * toNested(full([2, 2], 7)) // => [[7, 7], [7, 7]]
 */
export const full = <const S extends Shape, D extends DType = 'float32'>(
  shape: S,
  value: number,
  dtype?: D,
): Tensor<S, NoInfer<D>> => {
  checkShape('full', shape)
  const data = allocate((dtype ?? 'float32') as D, sizeOf(shape)).fill(value) as DataOf[D]
  if (dtype === 'int32') checkInt32('full', value)
  return fresh<S, D>(shape, data)
}

/**
 * Zeros.
 *
 * @example
 * import { zeros, toNested } from 'pullback'
 * toNested(zeros([3])) // => [0, 0, 0]
 */
export const zeros = <const S extends Shape, D extends DType = 'float32'>(shape: S, dtype?: D): Tensor<S, NoInfer<D>> =>
  full(shape, 0, dtype)

/**
 * Ones.
 *
 * @example
 * import { ones, toNested } from 'pullback'
 * toNested(ones([1, 2])) // => [[1, 1]]
 */
export const ones = <const S extends Shape, D extends DType = 'float32'>(shape: S, dtype?: D): Tensor<S, NoInfer<D>> =>
  full(shape, 1, dtype)

/**
 * The numbers start, start + step, … up to but not including stop; ⌈(stop − start) / step⌉ of them.
 *
 * @example
 * import { range, toNested } from 'pullback'
 * toNested(range(0, 1, 0.25)) // => [0, 0.25, 0.5, 0.75]
 */
export const range = <D extends DType = 'float32'>(
  start: number,
  stop: number,
  step = 1,
  dtype?: D,
): Tensor<readonly [number], NoInfer<D>> => {
  const n = Math.max(0, Math.ceil((stop - start) / step))
  if (!Number.isSafeInteger(n))
    throw new ValueError({
      op: 'range',
      expected: 'finite bounds and a step that is not 0',
      actual: `${start}, ${stop}, ${step}`,
    })
  const data = allocate((dtype ?? 'float32') as D, n)
  for (let i = 0; i < n; i++) {
    if (dtype === 'int32') checkInt32('range', start + i * step)
    data[i] = start + i * step
  }
  return fresh([n], data)
}

/**
 * The identity matrix of size n: ones on the diagonal.
 *
 * @example
 * import { eye, toNested } from 'pullback'
 * toNested(eye(2)) // => [[1, 0], [0, 1]]
 */
export const eye = <const N extends number, D extends DType = 'float32'>(
  n: N,
  dtype?: D,
): Tensor<readonly [N, N], NoInfer<D>> => {
  checkShape('eye', [n])
  const data = allocate((dtype ?? 'float32') as D, n * n)
  for (let i = 0; i < n; i++) data[i * (n + 1)] = 1
  return fresh([n, n] as const, data)
}
