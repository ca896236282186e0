// The header of an array of NumPy: eight bytes with magic and version, its length, and a dictionary of Python.
import { type FileLimits, type Limits, toRaise } from '../codec/limits.ts'
import { type Numbers, numbers } from '../codec/numbers/numbers.ts'
import { part } from '../codec/numbers/order.ts'
import { bytesFor } from '../codec/numbers/size.ts'
import type { DType, Shape } from '../type/tensor.ts'
import { type Literal, literalIn, showLiteral } from './literal.ts'
import { type Wrong, wrongArray } from './wrong.ts'

/** An array as its header declares it, whatever its numbers are. */
export interface DeclaredArray {
  /** The number format, as the file names it. */
  readonly descr: Literal
  /** True where the first axis lies contiguously. */
  readonly isFortran: boolean
  readonly shape: Shape
  /** The position of the first number. */
  readonly start: number
  /** The position of the text that declares it. */
  readonly at: number
}

export interface ArrayHeader extends Omit<DeclaredArray, 'descr' | 'at'> {
  readonly numbers: Numbers
  readonly order: 'little' | 'big'
}

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]
/** The limits of arrays, where none are given. NumPy reads no longer headers either. */
export const usual: FileLimits = { header: 10_000, depth: 16 }
/** The most bytes before the first number: magic, version, the length of the header, and the header. */
export const longestStart = ({ header }: Limits): number => 12 + header

/** The number formats that are read, by kind and bytes. */
const kinds: ReadonlyMap<string, Numbers> = new Map<string, Numbers>([
  ['f8', numbers.float64],
  ['f4', numbers.float32],
  ['f2', numbers.float16],
  ['i8', numbers.int64],
  ['u8', numbers.uint64],
  ['i4', numbers.int32],
  ['u4', numbers.uint32],
  ['i2', numbers.int16],
  ['u2', numbers.uint16],
  ['i1', numbers.int8],
  ['u1', numbers.uint8],
  ['b1', numbers.bool],
])
/** The `descr` that is written for each number format. */
const descrs: Readonly<Record<DType, string>> = { float32: '<f4', float64: '<f8', int32: '<i4' }

/** The names of the fields, and there are no others. */
const names = ['descr', 'fortran_order', 'shape'] as const

/** The text of the header, and the position behind it. */
const textOf = (
  bytes: Uint8Array,
  total: number,
  limits: Limits,
  wrong: Wrong,
): readonly [text: string, begin: number, end: number] => {
  const odd = magic.findIndex((byte, i) => i < total && bytes[i] !== byte)
  if (odd >= 0) throw wrong('OtherFormat', 'an array of NumPy', 'another file', { byte: odd })
  if (total < 8) throw wrong('Truncated', 'eight bytes with magic and version', `${total} bytes`, { byte: total })
  const [major, minor] = [bytes[6] as number, bytes[7] as number]
  if (major < 1 || major > 3 || minor !== 0)
    throw wrong('OtherVersion', 'version 1.0, 2.0 or 3.0', `${major}.${minor}`, { byte: 6 })
  const begin = major === 1 ? 10 : 12
  if (total < begin)
    throw wrong('Truncated', `the length of the header up to byte ${begin}`, `${total} bytes`, { byte: total })
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true)
  if (length > limits.header)
    throw wrong('HeaderTooLong', `a header of at most ${limits.header} bytes`, `one of ${length}`, {
      byte: 8,
      remedy: toRaise('header'),
    })
  const end = begin + length
  if (end > total) throw wrong('Truncated', `a header that ends at byte ${end}`, `${total} bytes`, { byte: total })
  if (bytes[end - 1] !== 10 || length === 0)
    throw wrong('BadHeader', 'a header that ends with a newline', 'another byte', {
      byte: end - 1,
      remedy: 'the file may have been copied as a text, which changes its line ends',
    })
  const found = part(bytes, begin, end)
  if (major < 3) return [String.fromCharCode(...found), begin, end]
  try {
    return [new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(found), begin, end]
  } catch {
    throw wrong('NotUtf8', 'a header in UTF-8', 'other bytes', { byte: begin })
  }
}

/** The three fields, by name. */
const fieldsIn = (
  text: string,
  byte: number,
  isOld: boolean,
  depth: number,
  wrong: Wrong,
): ReadonlyMap<string, Literal> => {
  const found = literalIn(text, isOld, depth)
  if (found._tag === 'NoLiteral') {
    const actual = text.slice(found.at, found.at + 20).trim()
    throw wrong('BadHeader', found.expected, actual === '' ? 'the end' : `'${actual}'`, { byte: byte + found.at })
  }
  if (found._tag !== 'Dictionary') throw wrong('BadHeader', 'a dictionary', showLiteral(found), { byte })
  const fields = new Map(found.entries)
  if (fields.size < found.entries.length)
    throw wrong('DuplicateName', 'each name once', found.entries.map(([name]) => `'${name}'`).join(', '), { byte })
  if (fields.size !== names.length || !names.every((name) => fields.has(name)))
    throw wrong('BadHeader', "the names 'descr', 'fortran_order' and 'shape'", showLiteral(found), { byte })
  return fields
}

const formatIn = (descr: Literal, byte: number, wrong: Wrong): Pick<ArrayHeader, 'numbers' | 'order'> => {
  const [, order = '', kind = ''] = (descr._tag === 'Text' ? /^([<>|])([a-z]\d+)$/.exec(descr.text) : null) ?? []
  const found = kinds.get(kind)
  if (found === undefined || (order === '|' && found.width > 1))
    throw wrong(
      'UnsupportedNumbers',
      `numbers '<f4' or '>f4', or ${[...kinds.keys()].join(', ')} of such an order of bytes`,
      showLiteral(descr),
      { byte, remedy: 'convert them by astype before they are saved' },
    )
  return { numbers: found, order: order === '>' ? 'big' : 'little' }
}

const shapeIn = (found: Literal, byte: number, rank: number, wrong: Wrong): Shape => {
  const isSize = (x: Literal): boolean =>
    x._tag === 'Number' && Number.isSafeInteger(x.value) && x.value >= 0 && !Object.is(x.value, -0)
  if (found._tag !== 'Tuple' || !found.items.every(isSize))
    throw wrong('BadShape', 'a tuple of whole sizes that are not negative', showLiteral(found), { byte })
  if (found.items.length > rank)
    throw wrong('BadShape', `a shape of at most ${rank} axes`, `one of ${found.items.length}`, { byte })
  return found.items.map((x) => (x as { readonly value: number }).value)
}

/** An array as its header declares it, or a thrown `FormatError`. The bytes begin a file of so many in all. */
export const declaredArray = (
  bytes: Uint8Array,
  limits: Limits,
  entry?: string,
  total = bytes.length,
): DeclaredArray => {
  const wrong = wrongArray(entry)
  const [text, at, start] = textOf(bytes, total, limits, wrong)
  const fields = fieldsIn(text, at, (bytes[6] as number) < 3, limits.depth, wrong)
  const fortran = fields.get('fortran_order') as Literal
  if (fortran._tag !== 'Constant' || fortran.name === 'None')
    throw wrong('BadHeader', "True or False as 'fortran_order'", showLiteral(fortran), { byte: at })
  const shape = shapeIn(fields.get('shape') as Literal, at, limits.rank, wrong)
  return { descr: fields.get('descr') as Literal, isFortran: fortran.name === 'True', shape, start, at }
}

/**
 * The header of an array that takes all of some bytes, or a thrown `FormatError`. The bytes may be given without the
 * numbers, and then with how many there are in all.
 */
export const readArrayHeader = (
  bytes: Uint8Array,
  limits: Limits,
  entry?: string,
  total = bytes.length,
): ArrayHeader => {
  const wrong = wrongArray(entry)
  const { descr, isFortran, shape, start, at: byte } = declaredArray(bytes, limits, entry, total)
  const format = formatIn(descr, byte, wrong)
  const size = bytesFor(shape, format.numbers.width)
  if (size === undefined || start + size > Number.MAX_SAFE_INTEGER)
    throw wrong('BadShape', 'a shape whose size is a number', `(${shape.join(', ')})`, { byte })
  const end = start + size
  if (end > total)
    throw wrong('Truncated', `${end} bytes for the shape [${shape.join(', ')}]`, `${total}`, { byte: total })
  if (end < total)
    throw wrong('TrailingBytes', `${end} bytes for the shape [${shape.join(', ')}]`, `${total}`, { byte: end })
  return { ...format, isFortran, shape, start }
}

/**
 * The header that NumPy writes, byte for byte: padded so that the numbers begin at a multiple of 64, and with room for
 * the first axis to grow to 21 digits.
 */
export const arrayHeader = (dtype: DType, shape: Shape): Uint8Array => {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const room = shape.length === 0 ? '' : ' '.repeat(21 - `${shape[0]}`.length)
  const text = `{'descr': '${descrs[dtype]}', 'fortran_order': False, 'shape': (${sizes}), }${room}`
  const end = Math.ceil((10 + text.length + 1) / 64) * 64
  const bytes = new Uint8Array(end).fill(32)
  bytes.set([...magic, 1, 0])
  new DataView(bytes.buffer).setUint16(8, end - 10, true)
  bytes.set(new TextEncoder().encode(text), 10)
  bytes[end - 1] = 10
  return bytes
}
