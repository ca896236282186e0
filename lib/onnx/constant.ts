// Tensors of a file as values.
import { inOrder, part } from '../codec/numbers/order.ts'
import type { Data } from '../tensor/data.ts'
import { fresh } from '../tensor/view.ts'
import type { DataType } from './dataType.ts'
import type { Declared } from './declared.ts'
import { bytesOf, type ExternalFiles } from './external.ts'
import type { Message } from './proto/fields.ts'
import { ofNumbers, type Value } from './value.ts'
import { type Place, wrong } from './wrong.ts'

/** Constants of up to so many floats are known numbers too: bounds, factors, scales. */
const few = 1024

/** Numbers of a list as the raw bytes that they stand for. */
const packed = (list: readonly number[], { name, field, numbers }: DataType, at: Place): Uint8Array => {
  if (field === 'floatData') return new Uint8Array(Float32Array.from(list).buffer)
  if (field === 'doubleData') return new Uint8Array(Float64Array.from(list).buffer)
  const Words = numbers.width === 1 ? Uint8Array : numbers.width === 2 ? Uint16Array : Uint32Array
  const signed = /^int/.test(name)
  const limit = 2 ** (8 * numbers.width - (signed ? 1 : 0))
  const index = list.findIndex((x) => x >= limit || x < (signed ? -limit : 0))
  if (index >= 0) throw wrong('OutOfRange', `numbers of the format ${name}`, `${list[index]} at ${index}`, at)
  return new Uint8Array(Words.from(list).buffer)
}

/** Whole numbers of 64 bits. Beyond 2⁵³, as the end of a slice without end, they are the nearest that there is. */
const longs = (bytes: Uint8Array, signed: boolean): ArrayLike<number> => {
  const { buffer } = inOrder(part(bytes, 0, bytes.length), 8)
  return Float64Array.from(signed ? new BigInt64Array(buffer) : new BigUint64Array(buffer), Number)
}

/** What a graph needs that is not in the model. */
export type Lack = { readonly format: string } | { readonly file: string }

/** The value of a tensor of a file, or what its numbers lack. */
export const constantOf = (
  tensor: Message<'Tensor'>,
  { at, dims, dtype, type, size, external }: Declared,
  files: ExternalFiles | undefined,
): Value | Lack => {
  if (type === undefined) return { format: dtype }
  const other = external && files?.(external.file)
  if (external !== undefined && other === undefined) return { file: external.file }
  const raw = external && other ? bytesOf(external, other, size, at) : tensor.rawData
  const { numbers, kind, name, field } = type
  const list = tensor[field] ?? []
  if (numbers.width === 8 && kind === 'int')
    return ofNumbers(dims, raw === undefined ? list : longs(raw, name === 'int64'))
  const bytes = raw === undefined ? packed(list, type, at) : inOrder(part(raw, 0, size), numbers.width)
  const data = numbers.read(bytes.buffer as ArrayBuffer)
  if (!ArrayBuffer.isView(data))
    throw wrong(
      'OutOfRange',
      'numbers that int32 holds, and truth values of 0 and 1',
      `${data.value} at ${data.at}`,
      at,
    )
  if (kind !== 'float') return ofNumbers(dims, data, kind)
  const value: Value = { kind, dims, tensor: fresh(dims, data as Data & Float32Array) }
  return data.length <= few ? { ...value, numbers: data } : value
}
