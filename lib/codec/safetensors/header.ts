// The header of a safetensors file, which may be hostile: everything is checked before anything is allocated.
import { mostAxes } from '../../tensor/shape.ts'
import { part } from '../numbers/order.ts'
import { bytesFor } from '../numbers/size.ts'
import { flawIn } from './flaw.ts'
import { type Contents, codes, type Entry, longestHeader, metadataName, type Safetensors, wrong } from './format.ts'

/** Other file types often mistaken for this format, by their first bytes. */
const others: readonly (readonly [first: string, name: string])[] = [
  ['PK\x03\x04', 'a zip archive, as PyTorch and NumPy write'],
  ['\x93NUMPY', 'a NumPy array'],
  ['\x89HDF', 'an HDF5 file'],
  ['\x1f\x8b', 'a gzip archive: unpack it first'],
  ['GGUF', 'a GGUF file'],
]

export const isObject = (u: unknown): u is { readonly [name: string]: unknown } =>
  typeof u === 'object' && u !== null && !Array.isArray(u)
const isCount = (u: unknown): u is number => Number.isSafeInteger(u) && (u as number) >= 0
/** A short form of a value. */
export const brief = (u: unknown): string => {
  const text = JSON.stringify(u) ?? 'nothing'
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}

/** The position behind the header, told by the first eight bytes of a file that has some bytes in all. */
export const headerEnd = (first: Uint8Array, total: number): number => {
  const known = others.find(([magic]) => [...magic].every((c, i) => first[i] === c.charCodeAt(0)))
  if (known !== undefined) throw wrong('OtherFormat', 'a safetensors file', known[1], { byte: 0 })
  if (total < 8)
    throw wrong('Truncated', 'eight bytes with the length of the header', `${total} bytes`, { byte: total })
  const length = Number(new DataView(first.buffer, first.byteOffset).getBigUint64(0, true))
  if (length > longestHeader)
    throw wrong('HeaderTooLong', `a header of at most ${longestHeader} bytes`, `one of ${length}`, {
      byte: 0,
      remedy: 'it may not be a safetensors file',
    })
  if (8 + length > total)
    throw wrong('Truncated', `a header that ends at byte ${8 + length}`, `${total} bytes`, { byte: total })
  return 8 + length
}

const textOf = (bytes: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw wrong('NotUtf8', 'a header in UTF-8', 'other bytes', { byte: 8 })
  }
}

/** A JSON object whose names are unique and whose nesting is shallow. */
export const parseObject = (text: string, byte: number): { readonly [name: string]: unknown } => {
  if (text[0] !== '{') throw wrong('NotJson', "JSON that begins with '{'", brief(text.slice(0, 1)), { byte })
  let found: unknown
  try {
    found = JSON.parse(text)
  } catch (e) {
    throw wrong('NotJson', 'JSON', (e as Error).message, { byte })
  }
  const flaw = flawIn(text)
  if (flaw?._tag === 'Deep') throw wrong('TooDeep', 'JSON that is nested at most 128 deep', 'deeper nesting', { byte })
  if (flaw?._tag === 'Twice')
    throw wrong('DuplicateName', 'each name once', `'${flaw.name}' twice`, { byte, entry: flaw.name })
  return found as { readonly [name: string]: unknown }
}

const metadataIn = (found: unknown): Safetensors['metadata'] => {
  if (found === undefined) return {}
  if (!isObject(found) || !Object.values(found).every((text) => typeof text === 'string'))
    throw wrong('BadMetadata', 'texts by name', brief(found), { byte: 8, entry: metadataName })
  return found as Safetensors['metadata']
}

const entryIn = (entry: string, found: unknown): Entry => {
  const at = { byte: 8, entry }
  if (!isObject(found)) throw wrong('BadEntry', 'an entry { dtype, shape, data_offsets }', brief(found), at)
  const { dtype: code, shape, data_offsets: offsets } = found
  const numbers = codes.get(code as string)
  if (typeof code !== 'string') throw wrong('BadEntry', 'a dtype', brief(code), at)
  if (numbers === undefined)
    throw wrong('UnsupportedNumbers', `numbers of the dtype ${[...codes.keys()].join(', ')}`, brief(code), {
      ...at,
      remedy: 'convert them where the file was written',
    })
  if (!Array.isArray(shape) || !shape.every(isCount))
    throw wrong('BadShape', 'a shape of whole sizes that are not negative', brief(shape), at)
  if (shape.length > mostAxes)
    throw wrong('BadShape', `a shape of at most ${mostAxes} axes`, `one of ${shape.length}`, at)
  const size = bytesFor(shape, numbers.width)
  if (size === undefined) throw wrong('BadShape', 'a shape whose size is a number', brief(shape), at)
  const [begin, end] = Array.isArray(offsets) && offsets.length === 2 ? (offsets as readonly unknown[]) : []
  if (!isCount(begin) || !isCount(end) || begin > end)
    throw wrong('BadOffsets', 'data_offsets [begin, end]', brief(offsets), at)
  if (end - begin !== size)
    throw wrong('WrongSize', `${size} bytes for the shape [${shape.join(', ')}]`, `${end - begin}`, at)
  return { name: entry, dtype: code, shape, begin, end }
}

/** Checks that the entries lie one after the other, from the end of the header to the end of the file. */
const checkLayout = (entries: readonly Entry[], start: number, total: number): void => {
  let at = 0
  for (const { name, begin, end } of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    const place = { byte: start + begin, entry: name }
    if (begin < at) throw wrong('Overlap', `numbers from byte ${at} on`, `from ${begin}, within another entry`, place)
    if (begin > at) throw wrong('Hole', `numbers from byte ${at} on`, `from ${begin}`, place)
    at = end
  }
  const more = { byte: Math.min(start + at, total) }
  if (start + at > total) throw wrong('Truncated', `${start + at} bytes in all`, `${total}`, { byte: total })
  if (start + at < total) throw wrong('TrailingBytes', `${start + at} bytes in all`, `${total}`, more)
}

/** The contents that a header tells of a file of so many bytes in all. A wrong header is a thrown `FormatError`. */
export const contentsIn = (header: Uint8Array, total: number): Contents => {
  const found = parseObject(textOf(header), 8)
  const metadata = metadataIn(Object.hasOwn(found, metadataName) ? found[metadataName] : undefined)
  const entries = Object.entries(found).flatMap(([name, entry]) =>
    name === metadataName ? [] : [entryIn(name, entry)],
  )
  const start = 8 + header.length
  checkLayout(entries, start, total)
  return { entries, metadata, start }
}

/** The content of a file that is in memory, without its numbers. */
export const readHeader = (bytes: Uint8Array): Contents =>
  contentsIn(part(bytes, 8, headerEnd(bytes, bytes.length)), bytes.length)
