// Changes to archives of NumPy that know the format: arrays in them, and fields of their records.
import { eye, zeros } from 'pullback'
import { encodeNpy, encodeNpz } from 'pullback/numpy'
import { crc32 } from '../../../lib/codec/crc32.ts'
import { deflate } from '../../../lib/numpy/deflate/deflate.ts'
import { zip } from '../../../lib/numpy/zip/write.ts'
import { pick, type Source, whole } from '../../arbitrary/numbers.ts'
import { bytesOf, short, stored, streamed } from '../numpy.ts'
import { bytesChanged, overwritten, textChanged } from './mutate.ts'
import { npyChanged } from './npy.ts'

/** Sound archives. */
export const npzSeeds = [
  encodeNpz({ W: eye(2), b: zeros([3]) }),
  encodeNpz({ W: zeros([40, 40]) }, { compress: true }),
  bytesOf(stored),
  bytesOf(streamed),
  bytesOf(short),
]

const arrays = [encodeNpy(eye(2)), encodeNpy(zeros([0, 3])), encodeNpy(zeros([200]))]

/** A sound archive around arrays that are changed. */
const archive = (next: Source): Uint8Array => {
  const names = ['a', 'b', 'c']
    .slice(0, whole(next, 0, 3))
    .map((name) => (next() < 0.2 ? textChanged(next, name) : name))
  const entries = [...new Set(names)].map((name) => ({
    name: `${name}.npy`,
    bytes: next() < 0.5 ? pick(next, arrays) : npyChanged(next, pick(next, arrays)),
  }))
  return zip('fuzz', entries, crc32, next() < 0.5 ? deflate : undefined)
}

/** The places where the records of an archive begin: of entries, of its list, of its end. */
const records = (bytes: Uint8Array): readonly number[] =>
  [...bytes.keys()].filter((i) => bytes[i] === 0x50 && bytes[i + 1] === 0x4b)

/** A field of a record changed, another archive, or any bytes. */
export const npzChanged = (next: Source, bytes: Uint8Array): Uint8Array => {
  if (next() < 0.2) return archive(next)
  const [places, isField] = [records(bytes), next() < 0.6]
  if (!isField || places.length === 0) return bytesChanged(next, bytes)
  return overwritten(next, bytes, pick(next, places) + whole(next, 4, 46), pick(next, [2, 4]))
}
