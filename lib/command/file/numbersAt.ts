// The numbers of a tensor in a file, piece by piece, so that any file takes the same memory.
import { pipeline } from 'node:stream'
import zlib from 'node:zlib'
import type { Numbers } from '../../codec/numbers/numbers.ts'
import { inOrder, part } from '../../codec/numbers/order.ts'
import { FormatError } from '../../error/fileError.ts'
import { checksum } from '../../node/checksum.ts'
import { exactly, inFile, type Ranged, withFile } from '../../node/ranged.ts'
import type { Data } from '../../tensor/data.ts'

/** Where the numbers of a tensor lie. */
export interface Place {
  readonly file: string
  readonly name: string
  /** The format of the file, for errors. */
  readonly format: string
  readonly numbers: Numbers
  readonly order: 'little' | 'big'
  /** The bytes in the file; of an entry of an archive they begin before the numbers. */
  readonly begin: number
  readonly end: number
  /** The description of the entry in an archive, and how many of its bytes stand before the numbers. */
  readonly entry?: { readonly isDeflated: boolean; readonly skip: number; readonly crc: number; readonly size: number }
}

/** Bytes that are read at once. */
const most = 2 ** 20

/** Some bytes of a file, piece by piece. */
export async function* piecesOf(format: string, file: Ranged, begin: number, end: number): AsyncGenerator<Uint8Array> {
  for (let at = begin; at < end; at += most) yield (await exactly(format, file, at, [Math.min(most, end - at)]))[0]
}

/** The content of an entry of an archive, whose size and checksum must be right. */
async function* contentOf({ name, begin, format, entry }: Place, source: AsyncGenerator<Uint8Array>) {
  if (entry === undefined) return yield* source
  const wrong = (reason: 'WrongChecksum' | 'BadData' | 'WrongSize', expected: string, actual: string): FormatError =>
    new FormatError({ format, reason, expected, actual, byte: begin, entry: name })
  let [size, sum] = [0, 0]
  try {
    for await (const piece of entry.isDeflated ? pipeline(source, zlib.createInflateRaw(), () => {}) : source) {
      size += piece.length
      if (size > entry.size) break
      sum = checksum(piece, sum)
      yield piece as Uint8Array
    }
  } catch (e) {
    throw e instanceof FormatError ? e : wrong('BadData', 'deflated bytes', (e as Error).message)
  }
  if (size !== entry.size)
    throw wrong('WrongSize', `${entry.size} bytes, as announced`, size > entry.size ? 'more' : `${size}`)
  if (sum !== entry.crc) throw wrong('WrongChecksum', 'the checksum of the list', 'another')
}

/** Bytes behind the first few, in pieces of whole numbers. */
async function* whole(source: AsyncGenerator<Uint8Array>, skip: number, width: number): AsyncGenerator<Uint8Array> {
  let [left, rest] = [skip, new Uint8Array(0)]
  for await (const piece of source) {
    const more = piece.subarray(Math.min(left, piece.length))
    left -= piece.length - more.length
    const all = rest.length === 0 ? more : Buffer.concat([rest, more])
    const end = all.length - (all.length % width)
    if (end > 0) yield part(all, 0, end)
    rest = part(all, end, all.length) as typeof rest
  }
}

/** Gives the numbers of a tensor to a function, some at a time. One that a tensor cannot hold is an error. */
export const eachOf = (place: Place, f: (some: Data) => void): Promise<void> => {
  const { file, name, format, numbers, order, begin, end, entry } = place
  const { width, read } = numbers
  return inFile(file, () =>
    withFile(file, async (opened) => {
      let count = 0
      const source = contentOf(place, piecesOf(format, opened, begin, end))
      for await (const piece of whole(source, entry?.skip ?? 0, width)) {
        const found = read(inOrder(piece, width, order).buffer as ArrayBuffer)
        if (!ArrayBuffer.isView(found)) {
          const actual = `${found.value} as number ${count + found.at + 1} in the order of the file`
          throw new FormatError({
            format,
            reason: 'OutOfRange',
            expected: 'numbers that int32 holds',
            actual,
            entry: name,
          })
        }
        f(found)
        count += found.length
      }
    }),
  )
}
