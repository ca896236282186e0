// Changes to bytes, texts and JSON that readers of files have failed on.
import { pick, type Source, whole } from '../../arbitrary/numbers.ts'

const numbers = [
  0,
  1,
  2,
  3,
  7,
  8,
  31,
  32,
  33,
  64,
  127,
  128,
  255,
  256,
  65535,
  65536,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
  2 ** 32,
  2 ** 53,
  2 ** 63,
]

/** Bytes with some in a place replaced by others. */
const spliced = (bytes: Uint8Array, at: number, removed: number, added: Uint8Array): Uint8Array => {
  const made = new Uint8Array(bytes.length - removed + added.length)
  made.set(bytes.subarray(0, at))
  made.set(added, at)
  made.set(bytes.subarray(at + removed), at + added.length)
  return made
}

/** A number in so many bytes. */
export const coded = (value: number, width: number, isLittle = true): Uint8Array => {
  const bytes = Uint8Array.from({ length: width }, (_, i) => Math.floor(value / 256 ** i) % 256)
  return isLittle ? bytes : bytes.reverse()
}

/** An integer written over what is at a place. */
export const overwritten = (next: Source, bytes: Uint8Array, from: number, width: number): Uint8Array => {
  const at = Math.min(from, bytes.length)
  const fits = bytes.subarray(at, at + width)
  const old = fits.reduce((sum, byte, i) => sum + byte * 256 ** i, 0)
  const value = pick(next, [...numbers, Math.max(0, old - 1), old + 1, bytes.length, Math.max(0, bytes.length - at)])
  return spliced(bytes, at, fits.length, coded(value, fits.length, next() < 0.7))
}

/** Bytes changed somewhere: a bit, an integer, a piece that is cut, doubled, moved or added. */
export const bytesChanged = (next: Source, bytes: Uint8Array): Uint8Array => {
  if (bytes.length === 0) return Uint8Array.from({ length: whole(next, 0, 9) }, () => whole(next, 0, 255))
  const at = whole(next, 0, bytes.length - 1)
  const length = Math.min(bytes.length - at, whole(next, 1, next() < 0.8 ? 8 : 200))
  const piece = bytes.slice(at, at + length)
  switch (whole(next, 0, 7)) {
    case 0:
      return spliced(bytes, at, 1, Uint8Array.of((bytes[at] as number) ^ (1 << whole(next, 0, 7))))
    case 1:
      return overwritten(next, bytes, at, pick(next, [1, 2, 4, 8]))
    case 2:
      return bytes.slice(0, at)
    case 3:
      return spliced(bytes, at, length, new Uint8Array(0))
    case 4:
      return spliced(bytes, at, 0, piece)
    case 5:
      return spliced(bytes, whole(next, 0, bytes.length - 1), 0, piece)
    case 6:
      return spliced(
        bytes,
        at,
        0,
        Uint8Array.from({ length: whole(next, 1, 20) }, () => pick(next, [0, 32, 255, 0x80])),
      )
    default:
      return spliced(bytes, at, 1, Uint8Array.of(whole(next, 0, 255)))
  }
}

const texts = [
  '',
  '0',
  '__proto__',
  'constructor',
  'then',
  'a.b',
  '\u0000',
  '\ud800',
  '../x',
  'W',
  '[',
  '"',
  '-1',
  '1e999',
  'float32',
  'F32',
  '#NaN',
  '#tensor',
]
const pieces = [
  '"__proto__":0,',
  '1e999',
  '-0',
  '-1',
  'NaN',
  '[',
  ']',
  '{',
  '}',
  ',',
  '"',
  '\\',
  '(',
  ')',
  "'",
  'True',
  'None',
  '0x1',
  '1_0',
  'L',
  ' ',
  '\n',
  '/**/',
  '"a":1,"a":2,',
  '9'.repeat(30),
  '['.repeat(300),
  '\u0000',
  'é',
]

/** A text changed somewhere: characters that are gone, doubled or new. */
export const textChanged = (next: Source, text: string): string => {
  const at = whole(next, 0, text.length)
  const length = whole(next, 1, 6)
  switch (whole(next, 0, 3)) {
    case 0:
      return text.slice(0, at) + text.slice(at + length)
    case 1:
      return text.slice(0, at) + text.slice(Math.max(0, at - 20 * length), at) + text.slice(at)
    case 2:
      return text.slice(0, at) + pick(next, pieces) + text.slice(at + (next() < 0.5 ? length : 0))
    default:
      return text.replace(/\d+/g, (digits) => (next() < 0.2 ? String(pick(next, numbers)) : digits))
  }
}

type Json = unknown
const isRecord = (u: Json): u is { readonly [name: string]: Json } =>
  typeof u === 'object' && u !== null && !Array.isArray(u)

const sizeOf = (u: Json): number =>
  Array.isArray(u) || isRecord(u) ? Object.values(u).reduce((n: number, v) => n + sizeOf(v), 1) : 1

const deep = (next: Source): Json => {
  let found: Json = 1
  for (let i = whole(next, 1, 300); i > 0; i--) found = next() < 0.5 ? [found] : { a: found }
  return found
}

const moved = (next: Source, entries: readonly (readonly [string, Json])[]): readonly (readonly [string, Json])[] => {
  if (entries.length === 0) return [[pick(next, texts), 1]]
  const i = whole(next, 0, entries.length - 1)
  const [name, value] = entries[i] as readonly [string, Json]
  const rest = entries.filter((_, j) => j !== i)
  return pick(next, [
    rest,
    [...entries, [pick(next, texts), value]],
    [...rest, [pick(next, texts), value]],
    [...rest, [name, (pick(next, entries) as readonly [string, Json])[1]]],
    [...entries].reverse(),
  ] as const)
}

const replaced = (next: Source, value: Json): Json => {
  if (next() < 0.5) {
    if (isRecord(value)) return Object.fromEntries(moved(next, Object.entries(value)))
    if (Array.isArray(value))
      return moved(
        next,
        value.map((v, i) => [`${i}`, v]),
      ).map(([, v]) => v)
    if (typeof value === 'number') return pick(next, [value + 1, value - 1, -value, value / 2, value * 2, ...numbers])
    if (typeof value === 'string') return pick(next, [...texts, textChanged(next, value), `${value}${value}`])
  }
  return pick(next, [
    null,
    true,
    0,
    -1,
    0.5,
    1e308,
    2 ** 53,
    2 ** 31,
    '',
    {},
    [],
    [value],
    { a: value },
    [value, value],
    deep(next),
    pick(next, texts),
  ])
}

/** A value of JSON that differs in one place. */
export const jsonChanged = (next: Source, value: Json): Json => {
  let left = whole(next, 0, sizeOf(value) - 1)
  const go = (u: Json): Json => {
    if (left-- === 0) return replaced(next, u)
    if (Array.isArray(u)) return u.map(go)
    return isRecord(u) ? Object.fromEntries(Object.entries(u).map(([name, v]) => [name, go(v)])) : u
  }
  return go(value)
}

/** The text of JSON that differs in one place, or a changed text if it is no JSON or by chance. */
export const jsonTextChanged = (next: Source, text: string): string => {
  if (next() < 0.08) return textChanged(next, text)
  try {
    return JSON.stringify(jsonChanged(next, JSON.parse(text))) ?? ''
  } catch {
    return textChanged(next, text)
  }
}
