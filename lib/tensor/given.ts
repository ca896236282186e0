// Checks of numbers given by a caller: no other value is converted to a number silently.
import { ValueError } from '../error/tensorError.ts'
import type { DType } from '../type/tensor.ts'
import { allocate, checkInt32, classNameOf, type Data, describe, dtypeOf } from './data.ts'
import { checkLive } from './released.ts'

/** Copies values to a fresh buffer, and checks that each is a number. */
export const filled = (op: string, dtype: DType, values: ArrayLike<number>): Data => {
  const data = allocate(dtype, values.length, op)
  if (!ArrayBuffer.isView(values))
    for (let i = 0; i < values.length; i++)
      if (typeof values[i] !== 'number')
        throw new ValueError({
          op,
          expected: `a number at index ${i}`,
          actual: describe(values[i]),
          code: 'wrong-argument',
          remedy: Array.isArray(values[i]) ? 'fromNested takes nested arrays' : undefined,
        })
  if (dtype === 'int32') for (let i = 0; i < values.length; i++) checkInt32(op, values[i] as number)
  data.set(values)
  return data
}

/**
 * True for an array of numbers: a typed array except of 64-bit integers, or another object with a length that is not a
 * string.
 */
export const isNumbers = (u: unknown): u is ArrayLike<number> =>
  ArrayBuffer.isView(u)
    ? (classNameOf(u) ?? '').endsWith('Array') && !(classNameOf(u) ?? '').startsWith('Big')
    : typeof u === 'object' && u !== null && Number.isSafeInteger((u as { readonly length?: unknown }).length)

/** Checks that the numbers have not been released by a step, before they are copied. */
export const checkHeld = (op: string, values: unknown, size: number): void => {
  // Without bytes the numbers are too few, which is another error.
  const isThere = (values as Partial<Data> | undefined)?.byteLength !== 0
  if (isThere && dtypeOf(values) !== undefined) checkLive(op, { buffer: values as Data, size })
}
