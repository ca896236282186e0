import * as E from '#fp/Either'
import { FormatError } from '../../error/fileError.ts'
import { arrays, type Data, describe } from '../../tensor/data.ts'
import { fresh } from '../../tensor/view.ts'
import type { AnyTensor } from '../../type/tensor.ts'
import { type Entry, inFileOrder, part, type Safetensors, widthOf, wrong } from './format.ts'
import { readHeader } from './header.ts'

/** A tensor over a copy of its numbers. */
const tensorIn = (bytes: Uint8Array, start: number, { dtype, shape, begin, end }: Entry): AnyTensor => {
  const { buffer } = inFileOrder(part(bytes, start + begin, start + end), widthOf[dtype])
  return fresh(shape, new arrays[dtype](buffer as ArrayBuffer) as Data)
}

/** Runs a function and returns a thrown `FormatError` on the left; other errors are thrown. */
export const formatted = <A>(f: () => A): E.Either<FormatError, A> => {
  try {
    return E.right(f())
  } catch (e) {
    if (e instanceof FormatError) return E.left(e)
    throw e
  }
}

/**
 * Reads the bytes of a safetensors file: its tensors (F32, F64 and I32) by name, and its metadata. The whole file is
 * checked before memory is allocated for any tensor, as the format demands: unique names, sizes that fit their shapes,
 * numbers without overlap or hole up to the last byte. A problem is a `FormatError` with the byte and the entry.
 * Tensors are copies; the bytes may be reused.
 *
 * @example
 * import { decodeSafetensors } from 'pullback'
 * const found = decodeSafetensors(Uint8Array.of(1, 2, 3))
 * found._tag === 'Left' && found.left.reason // => 'Truncated'
 */
export const decodeSafetensors = (bytes: Uint8Array): E.Either<FormatError, Safetensors> =>
  formatted(() => {
    if (Object.prototype.toString.call(bytes) !== '[object Uint8Array]')
      throw wrong('OtherFormat', 'the bytes of a file, a Uint8Array', describe(bytes))
    const { entries, metadata, start } = readHeader(bytes)
    return {
      tensors: Object.fromEntries(entries.map((entry) => [entry.name, tensorIn(bytes, start, entry)])),
      metadata,
    }
  })
