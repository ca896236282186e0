import type * as E from '#fp/Either'
import { formatted } from '../codec/formatted.ts'
import { type LimitOptions, limitsIn } from '../codec/limits.ts'
import { inOrder, part } from '../codec/numbers/order.ts'
import { joined, numbersIn } from '../codec/pieces.ts'
import type { FormatError } from '../error/fileError.ts'
import { checkOptions } from '../error/options.ts'
import { checkTensor, type Data, describe } from '../tensor/data.ts'
import { moveEntries } from '../tensor/pack.ts'
import { indexOf, stridesOf } from '../tensor/shape.ts'
import { fresh } from '../tensor/view.ts'
import type { AnyTensor, Shape } from '../type/tensor.ts'
import { type ArrayHeader, arrayHeader, readArrayHeader, usual } from './header.ts'
import { checkTotal, wrongArray } from './wrong.ts'

/** Row-major numbers of those that lie with their first axis contiguously; their bits are moved as they are. */
const rowMajor = (data: Data, shape: Shape): Data => {
  const words = data.BYTES_PER_ELEMENT / 4
  const wide = [...shape, words]
  const stride = [
    ...stridesOf([...shape].reverse())
      .reverse()
      .map((n) => n * words),
    1,
  ]
  const to = new Int32Array(words * data.length)
  moveEntries({ shape: wide, stride, offset: 0 }, new Int32Array(data.buffer), to, {
    stride: stridesOf(wide),
    offset: 0,
  })
  return new (data.constructor as { new (buffer: ArrayBuffer): Data })(to.buffer)
}

/** The tensor of a header and the bytes behind it, which are a whole buffer, or a thrown `FormatError`. */
export const tensorOf = (
  { numbers, order, isFortran, shape, start }: ArrayHeader,
  bytes: Uint8Array,
  entry?: string,
): AnyTensor => {
  const found = numbers.read(inOrder(bytes, numbers.width, order).buffer as ArrayBuffer)
  if (ArrayBuffer.isView(found)) return fresh(shape, isFortran && shape.length > 1 ? rowMajor(found, shape) : found)
  const { at, value } = found
  const index = isFortran ? [...indexOf(at, [...shape].reverse())].reverse() : indexOf(at, shape)
  throw wrongArray(entry)(
    'OutOfRange',
    'numbers that int32 holds, and truth values of 0 and 1',
    `${value} at [${index.join(', ')}]`,
    {
      byte: start + at * numbers.width,
      remedy: 'convert them by astype before they are saved',
    },
  )
}

/** Checks that something is bytes. */
export const checkBytes = (bytes: unknown): void => {
  if (Object.prototype.toString.call(bytes) !== '[object Uint8Array]')
    throw wrongArray(undefined)('OtherFormat', 'the bytes of a file, a Uint8Array', describe(bytes))
}

/**
 * Reads an array of NumPy, as `numpy.save` writes it, from its bytes: versions 1.0 to 3.0, either order of bytes, rows
 * or columns first. float64 and float32 stay what they are; float16 gives float32, which holds it exactly; whole
 * numbers of 8 to 64 bits and truth values give int32, where a number that it cannot hold is an error with its index.
 * Other numbers (complex, long double), texts, dates, records and objects are errors that name them; nothing is
 * unpickled. The header and the length of the bytes must agree to the byte, within `limits`, before memory is taken. A
 * problem is a `FormatError`.
 *
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 * @example
 * import { fromNested, toNested } from 'pullback'
 * import { decodeNpy, encodeNpy } from 'pullback/numpy'
 * const found = decodeNpy(encodeNpy(fromNested([[1, 2], [3, 4]])))
 * found._tag === 'Right' && toNested(found.right) // => [[1, 2], [3, 4]]
 */
export const decodeNpy = (bytes: Uint8Array, options: LimitOptions = {}): E.Either<FormatError, AnyTensor> => {
  checkOptions('decodeNpy', options, ['limits'])
  const limits = limitsIn('decodeNpy', options, usual)
  return formatted(() => {
    checkBytes(bytes)
    checkTotal(wrongArray(undefined), bytes.length, limits)
    const header = readArrayHeader(bytes, limits)
    return tensorOf(header, part(bytes, header.start, bytes.length))
  })
}

/** A tensor as an array of NumPy, in pieces. */
export const arrayPieces = (op: string, tensor: AnyTensor): readonly Uint8Array[] => [
  arrayHeader(tensor.dtype, tensor.shape),
  numbersIn(op, tensor),
]

/** `encodeNpy` in pieces. */
export const npyPieces = (tensor: AnyTensor): readonly Uint8Array[] => {
  checkTensor('encodeNpy', tensor)
  return arrayPieces('encodeNpy', tensor)
}

/**
 * The bytes of a tensor as an array of NumPy, which `numpy.load` reads to the bit: version 1.0, little-endian, rows
 * first. They are the bytes that `numpy.save` itself writes.
 *
 * @example
 * import { zeros } from 'pullback'
 * import { encodeNpy } from 'pullback/numpy'
 * encodeNpy(zeros([2, 3])).length // => 152
 */
export const encodeNpy = (tensor: AnyTensor): Uint8Array => joined(npyPieces(tensor))
