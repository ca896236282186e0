// The members of an object of JSON, one after another in the order of the text. `JSON.parse` keeps neither that order
// nor the first of two equal names, and it takes memory for all of a text before anything of it can be checked.
import { toRaise } from '../limits.ts'
import { isWellFormed } from '../names.ts'
import { cut, metadataName, wrong } from './format.ts'

/** A member: its name, and the text of its value. */
export type Member = readonly [name: string, text: string]

/** How deep a text may be nested, and how many members an object may have. */
export interface Bounds {
  readonly depth: number
  readonly entries: number
}

/** The most items of a list, and the most members of an object that is neither of tensors nor of texts. */
export const few = 32

/** The value of a text of JSON. */
export const parsed = (text: string, byte: number): unknown => {
  try {
    return JSON.parse(text)
  } catch (e) {
    throw wrong('NotJson', 'JSON', (e as Error).message, { byte })
  }
}

/** The position from another on where a pattern, which is sticky, no longer holds. */
const behind = (pattern: RegExp, text: string, from: number): number => {
  pattern.lastIndex = from
  pattern.test(text)
  return pattern.lastIndex
}
/** The string that a text of JSON is; undefined for other values, for which no memory is taken. */
export const stringIn = (text: string, byte: number): string | undefined =>
  text[0] === '"' ? (parsed(text, byte) as string) : undefined

const spaces = /[ \t\n\r]*/y
const behindSpaces = (text: string, from: number): number => behind(spaces, text, from)

/** The position behind a string of JSON. (A regular expression would fail for strings of megabytes.) */
const behindString = (text: string, begin: number, byte: number): number => {
  for (let at = text.indexOf('"', begin + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let run = at
    while (text[run - 1] === '\\') run--
    if ((at - run) % 2 === 0) return at + 1
  }
  throw wrong('NotJson', 'a string that ends', cut(text.slice(begin)), { byte })
}

/** A run of characters without strings, brackets and commas. */
const plain = /[^"{}[\],]*/y

/** The position behind the value of a member, whose nesting must be shallow and whose lists short. */
const behindValue = (text: string, begin: number, depth: number, place: { byte: number; entry: string }): number => {
  const lengths: number[] = []
  for (let i = behind(plain, text, begin); i < text.length; i = behind(plain, text, i + 1)) {
    const c = text[i]
    if (c === '"') i = behindString(text, i, place.byte) - 1
    else if (c === '{' || c === '[') {
      if (lengths.length + 1 >= depth)
        throw wrong('TooDeep', `JSON that is nested at most ${depth} deep`, 'deeper nesting', {
          ...place,
          remedy: toRaise('depth'),
        })
      lengths.push(c === '[' ? 1 : Number.NEGATIVE_INFINITY)
    } else if (c === '}' || c === ']') {
      if (lengths.pop() === undefined) return i
    } else if (c === ',') {
      const length = lengths.pop()
      if (length === undefined) return i
      if (length === few) throw wrong('BadShape', `lists of at most ${few} numbers`, 'a longer one', place)
      lengths.push(length + 1)
    }
  }
  throw wrong('NotJson', "an object that ends with '}'", 'the end', { byte: place.byte })
}

/** The members of an object of JSON, which begins at a byte of a file. A name that is there twice is an error. */
export function* membersIn(text: string, byte: number, { depth, entries }: Bounds): Generator<Member> {
  const expect = (mark: string, from: number): number => {
    const at = behindSpaces(text, from)
    if (text[at] === mark) return at
    throw wrong('NotJson', `'${mark}' behind ${cut(text.slice(Math.max(0, from - 20), from))}`, cut(text.slice(at)), {
      byte,
    })
  }
  if (text[0] !== '{') throw wrong('NotJson', "JSON that begins with '{'", cut(text), { byte })
  const names = new Set<string>()
  let [at, count] = [behindSpaces(text, 1), 0]
  for (let from = 1; text[at] !== '}'; from = at + 1) {
    if (names.size > 0) expect(',', at)
    const quote = expect('"', from)
    const end = behindString(text, quote, byte)
    const name = parsed(text.slice(quote, end), byte) as string
    const place = { byte, entry: name }
    if (names.has(name)) throw wrong('DuplicateName', 'each name once', `'${name}' twice`, place)
    if (!isWellFormed(name))
      throw wrong('NotUtf8', 'a name in Unicode', `half of a surrogate pair in ${cut(text.slice(quote, end))}`, {
        byte,
      })
    if (name !== metadataName && count++ === entries)
      throw wrong('TooLarge', `at most ${entries} names`, 'more', {
        ...place,
        remedy: entries === few ? undefined : toRaise('entries'),
      })
    names.add(name)
    const begin = behindSpaces(text, expect(':', end) + 1)
    at = behindValue(text, begin, depth, place)
    yield [name, text.slice(begin, at)]
  }
  if (behindSpaces(text, at + 1) < text.length)
    throw wrong('NotJson', "the end behind '}'", cut(text.slice(at + 1)), { byte })
}

/** Checks that a value which nobody reads is JSON, without taking memory for all of it. */
export const checkUnread = (text: string, byte: number, depth: number): void => {
  if (text[0] !== '{') parsed(text, byte)
  else for (const [, value] of membersIn(text, byte, { depth, entries: few })) checkUnread(value, byte, depth)
}
