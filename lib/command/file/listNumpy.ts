import zlib from 'node:zlib'
import { limitsIn } from '../../codec/limits.ts'
import { FormatError } from '../../error/fileError.ts'
import { exactly, inFile, type Ranged, withFile } from '../../node/ranged.ts'
import { declaredArray, longestStart, readArrayHeader, usual } from '../../numpy/header.ts'
import { showLiteral } from '../../numpy/literal.ts'
import type { PlacedEntry } from '../../numpy/zip/places.ts'
import { type ListedTensor, type Listing, otherNumbers, type Unread } from './listing.ts'
import type { Place } from './numbersAt.ts'
import { pytorch } from './others.ts'
import { outlined } from './outlined.ts'
import { refused } from './recognized.ts'

const limits = limitsIn('inspect', {}, usual)

/** An array by the first of its bytes, of so many in all; and why its numbers cannot be read, if that is so. */
const arrayIn = (
  name: string,
  [first, total, entry]: readonly [first: Uint8Array, total: number, entry?: string],
  placeOf: (start: number) => Pick<Place, 'file' | 'format' | 'begin' | 'end' | 'entry'>,
): readonly [listed: ListedTensor, unread: readonly Unread[]] => {
  const { descr, shape } = declaredArray(first, limits, entry, total)
  const listed = { name, dtype: descr._tag === 'Text' ? descr.text : showLiteral(descr), shape }
  try {
    const { numbers, order, start } = readArrayHeader(first, limits, entry, total)
    return [{ ...listed, place: { name, numbers, order, ...placeOf(start) } }, []]
  } catch (e) {
    if (!(e instanceof FormatError) || e.reason !== 'UnsupportedNumbers') throw e
    return [listed, [{ name, reason: otherNumbers(listed.dtype) }]]
  }
}

/** Lists a file of one array. */
export const listNpyFile = (file: string): Promise<Listing> =>
  inFile(file, () =>
    withFile(file, async (opened) => {
      const { size } = opened
      const [first] = await exactly('npy', opened, 0, [Math.min(longestStart(limits), size)])
      const placeOf = (begin: number) => ({ file, format: 'npy', begin, end: size })
      const [listed, unread] = arrayIn('array', [first, size], placeOf)
      return { tensors: [listed], unread, metadata: {} }
    }),
  )

/** Compressed bytes that surely begin with the header of an array. */
const packedStart = 2 * longestStart(limits)

/** The first bytes of an entry. */
const startOf = async (opened: Ranged, { name, method, data, packed }: PlacedEntry): Promise<Uint8Array> => {
  const [raw] = await exactly('npz', opened, data, [Math.min(packed, packedStart)])
  if (method === 0) return raw
  try {
    return zlib.inflateRawSync(raw, { finishFlush: zlib.constants.Z_SYNC_FLUSH })
  } catch (e) {
    const actual = (e as Error).message
    throw new FormatError({
      format: 'npz',
      reason: 'BadData',
      expected: 'deflated bytes',
      actual,
      byte: data,
      entry: name,
    })
  }
}

const ending = '.npy'

/** Lists an archive of arrays; entries that are none are told. */
export const listNpzFile = (file: string): Promise<Listing> =>
  inFile(file, () =>
    withFile(file, async (opened) => {
      const tensors: ListedTensor[] = []
      const unread: Unread[] = []
      for (const entry of await outlined(opened, limits)) {
        const { method, data, packed, crc, size } = entry
        if (!entry.name.endsWith(ending)) {
          unread.push({ name: entry.name, reason: `an entry that is no array, NAME${ending}` })
          continue
        }
        const name = entry.name.slice(0, -ending.length)
        const placeOf = (skip: number) => ({
          file,
          format: 'npz',
          begin: data,
          end: data + packed,
          entry: { isDeflated: method !== 0, skip, crc, size },
        })
        const [listed, why] = arrayIn(name, [await startOf(opened, entry), size, name], placeOf)
        tensors.push(listed)
        unread.push(...why)
      }
      if (unread.some(({ name }) => name.endsWith('data.pkl'))) throw refused(file, pytorch)
      if (tensors.length === 0 && unread.length > 0)
        throw refused(file, { actual: `a zip archive with '${unread[0]?.name}'`, remedy: 'it has no arrays' })
      return { tensors, unread, metadata: {} }
    }),
  )
