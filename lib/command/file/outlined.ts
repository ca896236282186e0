import type { Limits } from '../../codec/limits.ts'
import { type Ranged, roomFor } from '../../node/ranged.ts'
import { placeOf, readDirectory } from '../../numpy/zip/directory.ts'
import { type PlacedEntry, placesIn } from '../../numpy/zip/places.ts'

/** Bytes at the end of an archive that have its last records, with a comment of any length. */
const tail = 2 ** 16 + 128
/** Bytes of an entry's own header before its name, and the most of a descriptor before them. */
const [head, descriptor] = [30, 24]

/**
 * The entries of an archive, with the positions of their bytes. Only the list and the headers are read: they are put in
 * their places among zeros, which the system gives without memory, and checked there as in the whole file.
 */
export const outlined = async (file: Ranged, limits: Limits): Promise<readonly PlacedEntry[]> => {
  const bytes = roomFor('npz', file.size)
  const view = new DataView(bytes.buffer)
  const fill = (from: number, to: number) => {
    const begin = Math.max(0, from)
    return file.fill([bytes.subarray(begin, Math.min(to, file.size))], begin)
  }
  await fill(0, head)
  await fill(file.size - tail, file.size)
  await fill(placeOf(view).start - descriptor, file.size)
  const directory = readDirectory(bytes, limits)
  for (const { at } of directory.entries) {
    await fill(at - descriptor, at + head)
    const end =
      at + head <= bytes.length ? at + head + view.getUint16(at + 26, true) + view.getUint16(at + 28, true) : at
    await fill(at + head, end)
  }
  return placesIn(bytes, directory)
}
