import { TracedError } from '../error/tensorError.ts'
import type { AnyTensor } from '../type/tensor.ts'
import { checkLive, type Held } from './released.ts'
import { numbersOf } from './resident.ts'

/**
 * A tensor as JSON: its number format, its shape, and its numbers in row-major order; NaN and infinities as strings.
 */
export interface TensorJson {
  readonly tensor: string
  readonly shape: readonly number[]
  readonly values: readonly (number | string)[]
}

/** The form of a tensor in `JSON.stringify`. A traced, mapped or released tensor has no numbers: it throws. */
export const jsonOf = (t: AnyTensor): TensorJson => {
  const { boxed } = t as { readonly boxed?: 'traced' | 'mapped' }
  if (boxed !== undefined) throw TracedError.read('toJSON', boxed)
  const { buffer, offset } = checkLive('toJSON', t as AnyTensor & Held)
  const data = numbersOf(buffer)
  const values: (number | string)[] = []
  const visit = (axis: number, p: number): void => {
    if (axis === t.shape.length) {
      const x = data[p] as number
      values.push(Number.isFinite(x) && !Object.is(x, -0) ? x : Object.is(x, -0) ? '-0' : `${x}`)
    } else for (let i = 0; i < (t.shape[axis] as number); i++) visit(axis + 1, p + i * (t.stride[axis] as number))
  }
  visit(0, offset)
  return { tensor: t.dtype, shape: t.shape, values }
}
