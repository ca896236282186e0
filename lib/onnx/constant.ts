// Tensors of a file as values.
import { inOrder, part } from '../codec/numbers/order.ts'
import { bytesFor } from '../codec/numbers/size.ts'
import type { Data } from '../tensor/data.ts'
import { mostAxes } from '../tensor/shape.ts'
import { fresh } from '../tensor/view.ts'
import type { Shape } from '../type/tensor.ts'
import { type DataType, dataTypes, showType } from './dataType.ts'
import type { Message } from './proto/fields.ts'
import { ofNumbers, type Value } from './value.ts'
import { wrong } from './wrong.ts'

/** Constants of up to so many floats are known numbers too: bounds, factors, scales. */
const few = 1024

const shapeOf = (dims: readonly number[], entry: string): Shape => {
  if (dims.length > mostAxes) throw wrong('BadShape', `at most ${mostAxes} axes`, `${dims.length}`, { entry })
  if (!dims.every((n) => Number.isSafeInteger(n) && n >= 0))
    throw wrong('BadShape', 'whole sizes that are not negative', `[${dims.join(', ')}]`, { entry })
  return dims
}

/** Numbers of a list as the raw bytes that they stand for. */
const bytesOf = (list: readonly number[], { name, field, numbers }: DataType, entry: string): Uint8Array => {
  if (field === 'floatData') return new Uint8Array(Float32Array.from(list).buffer)
  if (field === 'doubleData') return new Uint8Array(Float64Array.from(list).buffer)
  const Words = numbers.width === 1 ? Uint8Array : numbers.width === 2 ? Uint16Array : Uint32Array
  const signed = /^int/.test(name)
  const limit = 2 ** (8 * numbers.width - (signed ? 1 : 0))
  const at = list.findIndex((x) => x >= limit || x < (signed ? -limit : 0))
  if (at >= 0) throw wrong('OutOfRange', `numbers of the format ${name}`, `${list[at]} at ${at}`, { entry })
  return new Uint8Array(Words.from(list).buffer)
}

/** Whole numbers of 64 bits. Beyond 2⁵³, as the end of a slice without end, they are the nearest that there is. */
const longs = (bytes: Uint8Array, signed: boolean): ArrayLike<number> => {
  const { buffer } = inOrder(part(bytes, 0, bytes.length), 8)
  return Float64Array.from(signed ? new BigInt64Array(buffer) : new BigUint64Array(buffer), Number)
}

/** The value of a tensor of a file. Its size, its numbers and its format must agree before memory is taken. */
export const constantOf = (tensor: Message<'Tensor'>, place: string): Value => {
  const entry = tensor.name === undefined || tensor.name === '' ? place : tensor.name
  const { dataType, rawData, dataLocation = 0 } = tensor
  if (dataLocation !== 0)
    throw wrong('Unsupported', 'numbers within the file', 'numbers in another one', {
      entry,
      remedy: 'save the model with its weights in one file',
    })
  const type = dataTypes.get(dataType ?? 0)
  if (type === undefined)
    throw wrong('UnsupportedNumbers', 'floats, whole numbers or truth values', showType(dataType), { entry })
  const { numbers, kind, name, field } = type
  const dims = shapeOf(tensor.dims ?? [], entry)
  const size = bytesFor(dims, numbers.width)
  const list = tensor[field] ?? []
  if (rawData !== undefined && list.length > 0) throw wrong('BadData', 'the numbers once', 'twice', { entry })
  const found = rawData?.length ?? list.length * numbers.width
  if (size === undefined || found !== size)
    throw wrong('WrongSize', `${size ?? 'fewer'} bytes for [${dims.join(', ')}] of ${name}`, `${found}`, { entry })
  if (numbers.width === 8 && kind === 'int')
    return ofNumbers(dims, rawData === undefined ? list : longs(rawData, name === 'int64'))
  const bytes = rawData === undefined ? bytesOf(list, type, entry) : inOrder(part(rawData, 0, size), numbers.width)
  const data = numbers.read(bytes.buffer as ArrayBuffer)
  if (!ArrayBuffer.isView(data))
    throw wrong('OutOfRange', 'numbers that int32 holds, and truth values of 0 and 1', `${data.value} at ${data.at}`, {
      entry,
    })
  if (kind !== 'float') return ofNumbers(dims, data, kind)
  const value: Value = { kind, dims, tensor: fresh(dims, data as Data & Float32Array) }
  return data.length <= few ? { ...value, numbers: data } : value
}
