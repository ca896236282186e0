import { ValueError } from '../error/tensorError.ts'
import type { DType, Shape, Tensor } from '../type/tensor.ts'
import { allocate, checkInt32, type DataOf, describe } from './data.ts'
import { checkShape, ownShape, sizeOf } from './shape.ts'
import { fresh } from './view.ts'

const constant = <S extends Shape, D extends DType>(op: string, shape: S, value: number, dtype?: D): Tensor<S, D> => {
  const own = ownShape(op, shape)
  const data = allocate((dtype ?? 'float32') as D, sizeOf(own), op)
  return fresh<S, D>(own, value === 0 ? data : (data.fill(value) as DataOf[D]))
}

/**
 * A tensor filled with one number.
 *
 * @param shape whole sizes that are not negative; anything else is a `ShapeError`
 * @param dtype float32 by default
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
  if (typeof value !== 'number')
    throw new ValueError({ op: 'full', expected: 'a number', actual: describe(value), code: 'wrong-argument' })
  if (dtype === 'int32') checkInt32('full', value)
  return constant('full', shape, value, dtype)
}

/**
 * A tensor of zeros.
 *
 * @example
 * import { zeros, toNested } from 'pullback'
 * toNested(zeros([3])) // => [0, 0, 0]
 */
export const zeros = <const S extends Shape, D extends DType = 'float32'>(shape: S, dtype?: D): Tensor<S, NoInfer<D>> =>
  constant('zeros', shape, 0, dtype)

/**
 * A tensor of ones.
 *
 * @example
 * import { ones, toNested } from 'pullback'
 * toNested(ones([1, 2])) // => [[1, 1]]
 */
export const ones = <const S extends Shape, D extends DType = 'float32'>(shape: S, dtype?: D): Tensor<S, NoInfer<D>> =>
  constant('ones', shape, 1, dtype)

/**
 * The numbers start, start + step, … up to but excluding stop; ⌈(stop − start) / step⌉ of them.
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
  const given = [start, stop, step]
  const n = given.every((x) => typeof x === 'number') ? Math.max(0, Math.ceil((stop - start) / step)) : Number.NaN
  if (!Number.isSafeInteger(n))
    throw new ValueError({
      op: 'range',
      expected: 'finite bounds and a step that is not 0',
      actual: given.map(describe).join(', '),
    })
  if (dtype === 'int32' && n > 0) for (const i of [0, Math.min(1, n - 1), n - 1]) checkInt32('range', start + i * step)
  const data = allocate((dtype ?? 'float32') as D, n, 'range')
  for (let i = 0; i < n; i++) data[i] = start + i * step
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
  const data = allocate((dtype ?? 'float32') as D, n * n, 'eye')
  for (let i = 0; i < n; i++) data[i * (n + 1)] = 1
  return fresh([n, n] as const, data)
}
