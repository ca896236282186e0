import type * as E from '#fp/Either'
import { type Checksum, crc32 } from '../codec/crc32.ts'
import { formatted } from '../codec/formatted.ts'
import { joined } from '../codec/pieces.ts'
import { byName } from '../codec/safetensors/encode.ts'
import { namesIn, type SelectOptions, someOf } from '../codec/select.ts'
import type { FormatError } from '../error/fileError.ts'
import { checkOptions } from '../error/options.ts'
import { StructureError } from '../error/tensorError.ts'
import { describe } from '../tensor/data.ts'
import { isTensor } from '../tensor/view.ts'
import type { AnyTensor } from '../type/tensor.ts'
import { type Deflate, deflate } from './deflate/deflate.ts'
import { type Inflate, inflate } from './deflate/inflate.ts'
import { arrayPieces, checkBytes, tensorIn } from './npy.ts'
import { wrongArchive as wrong } from './wrong.ts'
import { checkSizes, contentOf } from './zip/content.ts'
import { readDirectory } from './zip/directory.ts'
import { type PlacedEntry, placesIn } from './zip/places.ts'
import { zip } from './zip/write.ts'

/** A flat record of tensors, as an archive of NumPy holds them. */
export type Tensors = { readonly [name: string]: AnyTensor }

/** Options of archives that are read. */
export interface NpzOptions extends SelectOptions {
  /** The bytes that compressed entries may become together when they are inflated; 2 GiB by default. */
  readonly limit?: number | undefined
}

/** Options of archives that are written. */
export interface NpzWriteOptions {
  /** True to deflate the numbers, as `numpy.savez_compressed` does. */
  readonly compress?: boolean | undefined
}

/** How bytes are inflated, deflated and summed: Node has faster ways. */
export interface Machinery {
  readonly inflate: Inflate
  readonly deflate: Deflate
  readonly checksum: Checksum
}
export const plain: Machinery = { inflate, deflate, checksum: crc32 }

const ending = '.npy'

/** The entries of some names, or all of them, which then must be arrays. */
const chosen = (entries: readonly PlacedEntry[], names: readonly string[] | undefined): readonly PlacedEntry[] => {
  if (names === undefined) {
    const other = entries.find(({ name }) => !name.endsWith(ending))
    if (other === undefined) return entries
    const remedy = other.name.endsWith('.pkl')
      ? 'a file of PyTorch runs code when it is loaded: save the tensors as safetensors there'
      : 'read those that are arrays by their { names }'
    throw wrong('BadEntry', `entries that are arrays, NAME${ending}`, `'${other.name}'`, {
      byte: other.at,
      entry: other.name,
      remedy,
    })
  }
  const found = new Map(entries.map((entry) => [entry.name, entry]))
  const known = entries.flatMap(({ name }) => (name.endsWith(ending) ? [name.slice(0, -ending.length)] : []))
  return names.map((name) => {
    const entry = found.get(`${name}${ending}`)
    if (entry !== undefined) return entry
    throw wrong('MissingName', `an array '${name}'`, someOf(known), { entry: name })
  })
}

/** `decodeNpz` with other machinery. The options are checked at once. */
export const npzReader = (
  op: string,
  options: NpzOptions,
  { inflate, checksum }: Machinery,
): ((bytes: Uint8Array) => E.Either<FormatError, Tensors>) => {
  checkOptions(op, options, ['names', 'limit'])
  const [names, limit] = [namesIn(op, options), options.limit ?? 2 ** 31]
  if (!(typeof limit === 'number' && limit >= 0))
    throw new StructureError({
      op,
      expected: 'a limit in bytes, a number from 0 on',
      actual: describe(limit),
      code: 'out-of-range',
    })
  return (bytes) =>
    formatted(() => {
      checkBytes(bytes)
      const entries = chosen(placesIn(bytes, readDirectory(bytes)), names)
      checkSizes(entries, limit)
      return Object.fromEntries(
        entries.map((entry) => {
          const name = entry.name.slice(0, -ending.length)
          return [name, tensorIn(contentOf(bytes, entry, inflate, checksum), name)]
        }),
      )
    })
}

/**
 * Reads an archive of NumPy, as `numpy.savez` and `numpy.savez_compressed` write it, from its bytes: a zip archive with
 * an array `NAME.npy` for each name. Arrays are read as by `decodeNpy`; with `names` only these are inflated. The list
 * of the archive, the header of each entry and the bytes must agree, without overlap or hole; checksums must be right.
 * Sizes are checked before memory is taken, and what inflates to more than `limit` is an error. A problem is a
 * `FormatError`; that of an array counts its bytes from the beginning of the array.
 *
 * @example
 * import { eye, zeros } from 'pullback'
 * import { decodeNpz, encodeNpz } from 'pullback/numpy'
 * const bytes = encodeNpz({ W: eye(2), b: zeros([2]) }, { compress: true })
 * const found = decodeNpz(bytes, { names: ['b'] })
 * found._tag === 'Right' && found.right.b?.shape // => [2]
 */
export const decodeNpz = (bytes: Uint8Array, options: NpzOptions = {}): E.Either<FormatError, Tensors> =>
  npzReader('decodeNpz', options, plain)(bytes)

/** `encodeNpz` with other machinery. */
export const writeNpz = (
  op: string,
  tensors: Tensors,
  options: NpzWriteOptions,
  { deflate, checksum }: Machinery,
): Uint8Array => {
  checkOptions(op, options, ['compress'])
  const contents = Object.entries(tensors)
    .sort(byName)
    .map(([name, tensor]) => {
      if (!isTensor(tensor))
        throw new StructureError({
          op,
          expected: 'a tensor',
          actual: describe(tensor),
          code: 'not-a-tensor',
          path: [name],
        })
      return { name: `${name}${ending}`, bytes: joined(arrayPieces(op, tensor)) }
    })
  return zip(op, contents, checksum, options.compress === true ? deflate : undefined)
}

/**
 * The bytes of a record of tensors as an archive of NumPy, which `numpy.load` reads to the bit. With `compress` entries
 * are deflated where that makes them shorter. Names are sorted and dates are fixed: equal tensors give equal bytes.
 *
 * @example
 * import { zeros } from 'pullback'
 * import { encodeNpz } from 'pullback/numpy'
 * const W = zeros([100, 100])
 * const shorter = encodeNpz({ W }, { compress: true })
 * encodeNpz({ W }).length > 100 * shorter.length // => true
 */
export const encodeNpz = (tensors: Tensors, options: NpzWriteOptions = {}): Uint8Array =>
  writeNpz('encodeNpz', tensors, options, plain)
