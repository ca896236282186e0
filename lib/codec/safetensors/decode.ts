import type * as E from '#fp/Either'
import type { FormatError } from '../../error/fileError.ts'
import { checkOptions } from '../../error/options.ts'
import { describe } from '../../tensor/data.ts'
import { formatted } from '../formatted.ts'
import { type LimitOptions, type Limits, limitsIn } from '../limits.ts'
import { part } from '../numbers/order.ts'
import { namesIn, type SelectOptions } from '../select.ts'
import { type Contents, type Safetensors, wrong } from './format.ts'
import { readHeader } from './header.ts'
import { readable, selected, tensorOf } from './select.ts'

/** The content of some bytes, which must be bytes. */
const headerOf = (bytes: Uint8Array, limits: Limits): Contents => {
  if (Object.prototype.toString.call(bytes) !== '[object Uint8Array]')
    throw wrong('OtherFormat', 'the bytes of a file, a Uint8Array', describe(bytes))
  return readHeader(bytes, limits)
}

/**
 * Reads the bytes of a safetensors file: its tensors by name, and its metadata. F64 gives float64, F32 float32, and I32
 * int32; of the other formats F16, BF16, those of 8 bits and F4 give float32, which holds them exactly, and I64, U64,
 * U32, I16, U16, I8, U8 and BOOL give int32, where a number that it cannot hold is an error. With `names` the numbers
 * of no other tensors are read. The whole file is checked before memory is allocated for any tensor, as the format
 * demands: unique names, sizes that fit their shapes, numbers without overlap or hole up to the last byte, all within
 * `limits`. A problem is a `FormatError` with the byte and the entry. Tensors are copies; the bytes may be reused.
 * Records name whole numbers first ('2', '10', 'W'), wherever they are in the file; `listSafetensors` keeps the order
 * of the file.
 *
 * @example
 * import { decodeSafetensors, encodeSafetensors, eye, zeros } from 'pullback'
 * const bytes = encodeSafetensors({ W: eye(2), b: zeros([2]) })
 * const found = decodeSafetensors(bytes, { names: ['b'] })
 * found._tag === 'Right' && Object.keys(found.right.tensors) // => ['b']
 * const other = decodeSafetensors(Uint8Array.of(1, 2, 3))
 * other._tag === 'Left' && other.left.reason // => 'Truncated'
 */
export const decodeSafetensors = (
  bytes: Uint8Array,
  options: SelectOptions = {},
): E.Either<FormatError, Safetensors> => {
  checkOptions('decodeSafetensors', options, ['names', 'limits'])
  const [names, limits] = [namesIn('decodeSafetensors', options), limitsIn('decodeSafetensors', options)]
  return formatted(() => {
    const { entries, metadata, start } = headerOf(bytes, limits)
    const tensors = readable(selected(entries, names)).map((entry) => {
      const numbers = part(bytes, start + entry.begin, start + entry.end)
      return [entry.name, tensorOf(entry, start, numbers)] as const
    })
    return { tensors: Object.fromEntries(tensors), metadata }
  })
}

/** A tensor of a file, of which only the header has been read. */
export interface ListedTensor {
  readonly name: string
  /** Its number format as the file names it: 'F32', 'BF16', 'I64'. */
  readonly dtype: string
  readonly shape: readonly number[]
}

/** The tensors of a file in its own order, and its metadata. */
export interface TensorList {
  readonly tensors: readonly ListedTensor[]
  readonly metadata: Safetensors['metadata']
}

/** The list of what a header declares. */
export const listOf = ({ entries, metadata }: Pick<Contents, 'entries' | 'metadata'>): TensorList => ({
  tensors: entries.map(({ name, dtype, shape }) => ({ name, dtype, shape })),
  metadata,
})

/**
 * Lists the tensors of a safetensors file in the order of its header, with the number formats that they have there, and
 * its metadata. No numbers are read, and those of formats that cannot be read are listed too. Errors and `limits` are those of `decodeSafetensors`.
 *
 * @example
 * import { encodeSafetensors, eye, listSafetensors } from 'pullback'
 * const found = listSafetensors(encodeSafetensors({ W: eye(2) }))
 * found._tag === 'Right' && found.right.tensors // => [{ name: 'W', dtype: 'F32', shape: [2, 2] }]
 */
export const listSafetensors = (bytes: Uint8Array, options: LimitOptions = {}): E.Either<FormatError, TensorList> => {
  checkOptions('listSafetensors', options, ['limits'])
  const limits = limitsIn('listSafetensors', options)
  return formatted(() => listOf(headerOf(bytes, limits)))
}
