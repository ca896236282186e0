import type * as E from '#fp/Either'
import { type Checksum, crc32 } from '../codec/crc32.ts'
import { formatted } from '../codec/formatted.ts'
import { type Limits, limitsIn } from '../codec/limits.ts'
import { checkWritable } from '../codec/names.ts'
import { part } from '../codec/numbers/order.ts'
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
import { longestStart, readArrayHeader, usual } from './header.ts'
import { arrayPieces, checkBytes, tensorOf } from './npy.ts'
import { checkTotal, wrongArchive as wrong } from './wrong.ts'
import { beginningOf, checkSizes, contentOf } from './zip/content.ts'
import { readDirectory } from './zip/directory.ts'
import { type PlacedEntry, placesIn } from './zip/places.ts'
import { zip } from './zip/write.ts'

/** A flat record of tensors, as an archive of NumPy holds them. */
export type Tensors = { readonly [name: string]: AnyTensor }

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
const nameOf = ({ name }: PlacedEntry): string => name.slice(0, -ending.length)

/** The entries of some names, or all of them, which then must be arrays. */
const chosen = (entries: readonly PlacedEntry[], names: readonly string[] | undefined): readonly PlacedEntry[] => {
  if (names === undefined) {
    const other = entries.find(({ name }) => !name.endsWith(ending))
    if (other === undefined) return entries
    const remedy = other.name.endsWith('.pkl')
      ? 'a file of PyTorch runs code when it is loaded: save the tensors as safetensors there'
      : 'read those that are arrays by their { names }'
    throw wrong('Unsupported', `entries that are arrays, NAME${ending}`, `'${other.name}'`, {
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

/** The tensor of an entry, whose header must agree with its size before more than the header is inflated. */
const tensorIn = (
  bytes: Uint8Array,
  entry: PlacedEntry,
  limits: Limits,
  { inflate, checksum }: Machinery,
): AnyTensor => {
  const name = nameOf(entry)
  const all = (): Uint8Array => contentOf(bytes, entry, inflate, checksum)
  const first = longestStart(limits)
  const small = entry.size <= first ? all() : undefined
  const header = readArrayHeader(small ?? beginningOf(bytes, entry, first), limits, name, entry.size)
  return tensorOf(header, part(small ?? all(), header.start, entry.size), name)
}

/** What is read of an archive: the arrays of some names, or all, within limits. */
interface Wanted {
  readonly names: readonly string[] | undefined
  readonly limits: Limits
}

/** The options of a function that reads archives. */
export const wantedIn = (op: string, options: SelectOptions): Wanted => {
  checkOptions(op, options, ['names', 'limits'])
  return { names: namesIn(op, options), limits: limitsIn(op, options, usual) }
}

/** The tensors of an archive, or a thrown `FormatError`. */
export const readNpz = (bytes: Uint8Array, { names, limits }: Wanted, machinery: Machinery): Tensors => {
  checkBytes(bytes)
  checkTotal(wrong, bytes.length, limits)
  const entries = chosen(placesIn(bytes, readDirectory(bytes, limits)), names)
  checkSizes(entries, limits)
  return Object.fromEntries(entries.map((entry) => [nameOf(entry), tensorIn(bytes, entry, limits, machinery)]))
}

/**
 * Reads an archive of NumPy, as `numpy.savez` and `numpy.savez_compressed` write it, from its bytes: a zip archive with
 * an array `NAME.npy` for each name. Arrays are read as by `decodeNpy`; with `names` only these are inflated. The list
 * of the archive, the header of each entry and the bytes must agree, without overlap or hole; checksums must be right.
 * The header of an array and the size of its entry must agree before more of it is inflated, and all sizes keep within
 * `limits`. A problem is a `FormatError`; that of an array counts its bytes from the beginning of the array. The record
 * names whole numbers first ('2', '10', 'W'), in whatever order the archive has them.
 *
 * @example
 * import { eye, zeros } from 'pullback'
 * import { decodeNpz, encodeNpz } from 'pullback/numpy'
 * const bytes = encodeNpz({ W: eye(2), b: zeros([2]) }, { compress: true })
 * const found = decodeNpz(bytes, { names: ['b'] })
 * found._tag === 'Right' && found.right.b?.shape // => [2]
 */
export const decodeNpz = (bytes: Uint8Array, options: SelectOptions = {}): E.Either<FormatError, Tensors> => {
  const wanted = wantedIn('decodeNpz', options)
  return formatted(() => readNpz(bytes, wanted, plain))
}

/** `encodeNpz` with other machinery. */
export const writeNpz = (
  op: string,
  tensors: Tensors,
  options: NpzWriteOptions,
  { deflate, checksum }: Machinery,
): Uint8Array => {
  checkOptions(op, options, ['compress'])
  checkWritable(op, 'names', Object.keys(tensors))
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
