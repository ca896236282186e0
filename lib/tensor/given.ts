// Numbers that a caller gives: nothing else becomes one silently.
import { ValueError } from '../error/tensorError.ts'
import type { DType } from '../type/tensor.ts'
import { allocate, checkInt32, classNameOf, type Data, describe, dtypeOf } from './data.ts'
import { checkLive } from './released.ts'

/** Values in a fresh buffer, each of which must be a number. */
export const filled = (op: string, dtype: DType, values: ArrayLike<number>): Data => {
  const data = allocate(dtype, values.length, op)
  if (!ArrayBuffer.isView(values))
    for (let i = 0; i < values.length; i++)
      if (typeof values[i] !== 'number')
        throw new ValueError({
          op,
          expected: `a number at index ${i}`,
          actual: describe(values[i]),
          remedy: Array.isArray(values[i]) ? 'fromNested takes nested arrays' : undefined,
        })
  if (dtype === 'int32') for (let i = 0; i < values.length; i++) checkInt32(op, values[i] as number)
  data.set(values)
  return data
}

/** An array of numbers: a typed array of any format but whole numbers of 64 bits, or whatever has a length and no text. */
export const isNumbers = (u: unknown): u is ArrayLike<number> =>
  ArrayBuffer.isView(u)
    ? (classNameOf(u) ?? '').endsWith('Array') && !(classNameOf(u) ?? '').startsWith('Big')
    : typeof u === 'object' && u !== null && Number.isSafeInteger((u as { readonly length?: unknown }).length)

/** Numbers that a step has released are not there to be copied. */
export const checkHeld = (op: string, values: unknown, size: number): void => {
  const isThere = (values as Partial<Data> | undefined)?.byteLength !== 0 // else they are too few, which is another error
  if (isThere && dtypeOf(values) !== undefined) checkLive(op, { buffer: values as Data, size })
}
