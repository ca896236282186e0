// The tensors of a file before their numbers are read.
import { bytesFor } from '../codec/numbers/size.ts'
import { mostAxes } from '../tensor/shape.ts'
import type { Shape } from '../type/tensor.ts'
import { type DataType, dataTypes, showType } from './dataType.ts'
import { type External, externalOf } from './external.ts'
import type { Message } from './proto/fields.ts'
import { byteOf } from './proto/place.ts'
import { type Place, wrong } from './wrong.ts'

/** A tensor whose name, format and sizes agree with the bytes that it has, or says where it has them. */
export interface Declared {
  readonly at: Place & { readonly entry: string }
  readonly dims: Shape
  /** The name of the number format, and what becomes of it; undefined if it is not read. */
  readonly dtype: string
  readonly type: DataType | undefined
  /** The bytes of the numbers, and the other file that has them. */
  readonly size: number
  readonly external: External | undefined
}

const shapeOf = (dims: readonly number[], at: Place): Shape => {
  if (dims.length > mostAxes) throw wrong('BadShape', `at most ${mostAxes} axes`, `${dims.length}`, at)
  if (!dims.every((n) => Number.isSafeInteger(n) && n >= 0))
    throw wrong('BadShape', 'whole sizes that are not negative', `[${dims.join(', ')}]`, at)
  return dims
}

/** The bytes that a tensor has in the model, or says that it has in another file. */
const bytesIn = (
  tensor: Message<'Tensor'>,
  { field, numbers }: DataType,
  external: External | undefined,
  at: Place,
) => {
  const list = tensor[field] ?? []
  const given = [tensor.rawData, list.length > 0 ? list : undefined, external].filter((of) => of !== undefined)
  if (given.length > 1) throw wrong('BadData', 'the numbers once', 'twice', at)
  return external === undefined ? (tensor.rawData?.length ?? list.length * numbers.width) : external.length
}

/** Checks a tensor as far as that needs no numbers; `place` stands for its name where it has none. */
export const declaredOf = (tensor: Message<'Tensor'>, place: string): Declared => {
  const at = { byte: byteOf(tensor), entry: tensor.name || place }
  const type = dataTypes.get(tensor.dataType ?? 0)
  const dtype = showType(tensor.dataType)
  const dims = shapeOf(tensor.dims ?? [], at)
  const external = externalOf(tensor, at)
  const size = bytesFor(dims, type?.numbers.width ?? 1)
  const found = type && bytesIn(tensor, type, external, at)
  if (size === undefined || (found !== undefined && found !== size))
    throw wrong('WrongSize', `${size ?? 'fewer'} bytes for [${dims.join(', ')}] of ${dtype}`, `${found ?? 'more'}`, at)
  return { at, dims, dtype, type, size, external }
}
