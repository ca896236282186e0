// The header of a safetensors file, which may be hostile: everything is checked before anything is allocated.
import { type Limits, toRaise } from '../limits.ts'
import { isWellFormed } from '../names.ts'
import { part } from '../numbers/order.ts'
import { bytesFor } from '../numbers/size.ts'
import { type Contents, codes, cut, type Entry, metadataName, type Safetensors, wrong } from './format.ts'
import { checkUnread, few, membersIn, parsed, stringIn } from './members.ts'

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
export const brief = (u: unknown): string => cut(JSON.stringify(u) ?? 'nothing')

/** The position behind the header, told by the first eight bytes of a file that has some bytes in all. */
export const headerEnd = (first: Uint8Array, total: number, limits: Limits): number => {
  const known = others.find(([magic]) => [...magic].every((c, i) => first[i] === c.charCodeAt(0)))
  if (known !== undefined) throw wrong('OtherFormat', 'a safetensors file', known[1], { byte: 0 })
  if (total > limits.bytes)
    throw wrong('TooLarge', `a file of at most ${limits.bytes} bytes`, `one of ${total}`, {
      byte: 0,
      remedy: toRaise('bytes'),
    })
  if (total < 8)
    throw wrong('Truncated', 'eight bytes with the length of the header', `${total} bytes`, { byte: total })
  const declared = new DataView(first.buffer, first.byteOffset).getBigUint64(0, true)
  if (declared > limits.header)
    throw wrong('HeaderTooLong', `a header of at most ${limits.header} bytes`, `one of ${declared}`, {
      byte: 0,
      remedy: `it may not be a safetensors file; ${toRaise('header')}`,
    })
  const length = Number(declared)
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

const metadataIn = (text: string, { depth, entries }: Limits): Safetensors['metadata'] => {
  const bad = (actual: string) => wrong('BadMetadata', 'texts by name', cut(actual), { byte: 8, entry: metadataName })
  if (text[0] !== '{') throw bad(text)
  const texts: [string, string][] = []
  for (const [name, quoted] of membersIn(text, 8, { depth, entries })) {
    const found = stringIn(quoted, 8)
    if (found === undefined || !isWellFormed(found)) throw bad(`${name}: ${quoted}`)
    texts.push([name, found])
  }
  return Object.fromEntries(texts)
}

/** The whole numbers of a list, each written in digits alone; undefined for anything else. */
const countsIn = (text = ''): readonly number[] | undefined => {
  const found = text[0] === '[' ? (parsed(text, 8) as readonly unknown[]) : []
  return /^\[[\d,\s]*\]\s*$/.test(text) && found.every(isCount) ? found : undefined
}

const known: readonly string[] = ['dtype', 'shape', 'data_offsets']

/** The texts of the fields of an entry that are read. */
const fieldsIn = (text: string, depth: number): ReadonlyMap<string, string> => {
  const fields = new Map<string, string>()
  for (const [name, value] of membersIn(text, 8, { depth, entries: few }))
    if (known.includes(name)) fields.set(name, value)
    else checkUnread(value, 8, depth)
  return fields
}

/** An entry of the header. One of numbers that are not read is listed, and its size is not known. */
const entryIn = (entry: string, text: string, { depth, rank }: Limits): Entry => {
  const at = { byte: 8, entry }
  if (text[0] !== '{') throw wrong('BadEntry', 'an entry { dtype, shape, data_offsets }', cut(text), at)
  const fields = fieldsIn(text, depth)
  const told = (name: string): string => cut(fields.get(name) ?? 'nothing')
  const code = stringIn(fields.get('dtype') ?? '', 8)
  if (code === undefined) throw wrong('BadEntry', 'a dtype', told('dtype'), at)
  const numbers = codes.get(code)
  const shape = countsIn(fields.get('shape'))
  if (shape === undefined)
    throw wrong('BadShape', 'a shape of whole sizes, in digits, that are not negative', told('shape'), at)
  if (shape.length > rank) throw wrong('BadShape', `a shape of at most ${rank} axes`, `one of ${shape.length}`, at)
  const size = bytesFor(shape, numbers?.width ?? 0)
  if (size === undefined) throw wrong('BadShape', 'a shape whose size is a number', told('shape'), at)
  if (numbers !== undefined && !Number.isInteger(size))
    throw wrong('BadShape', `numbers of ${8 * numbers.width} bits that fill whole bytes`, told('shape'), at)
  const [begin, end, more] = countsIn(fields.get('data_offsets')) ?? []
  if (begin === undefined || end === undefined || more !== undefined || begin > end)
    throw wrong('BadOffsets', 'data_offsets [begin, end], in digits', told('data_offsets'), at)
  if (numbers !== undefined && end - begin !== size)
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
export const contentsIn = (header: Uint8Array, total: number, limits: Limits): Contents => {
  const entries: Entry[] = []
  let metadata: Safetensors['metadata'] = {}
  for (const [name, text] of membersIn(textOf(header), 8, limits))
    if (name === metadataName) metadata = metadataIn(text, limits)
    else entries.push(entryIn(name, text, limits))
  const start = 8 + header.length
  checkLayout(entries, start, total)
  return { entries, metadata, start }
}

/** The content of a file that is in memory, without its numbers. */
export const readHeader = (bytes: Uint8Array, limits: Limits): Contents =>
  contentsIn(part(bytes, 8, headerEnd(bytes, bytes.length, limits)), bytes.length, limits)
