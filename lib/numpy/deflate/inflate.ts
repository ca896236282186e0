// Inflates a stream by RFC 1951, which may be hostile: it must give as many bytes as announced, and end where it ends.
import { distances, fixedDistances, fixedLiterals, lengths, order, wordsOf } from './huffman.ts'

/** A fault of a compressed stream, as an expectation and what came, and the position of the byte. */
export interface Fault {
  readonly reason: 'Truncated' | 'TrailingBytes' | 'WrongSize' | 'BadData'
  readonly expected: string
  readonly actual: string
  readonly byte: number
}

/** The bytes that a compressed stream gives, of which the number is known. */
export type Inflate = (bytes: Uint8Array, size: number) => Uint8Array | Fault

/** The symbol, times 16, and the length of the word that the next bits begin with; 0 where there is none. */
interface Code {
  readonly table: Uint16Array
  readonly bits: number
}

/**
 * The table of a code; undefined if its words are too many, or too few. As in zlib, a code of one word of one bit is
 * complete, and so is one without words, which must not be used.
 */
const codeOf = (sizes: readonly number[]): Code | undefined => {
  const bits = Math.max(1, ...sizes)
  const room = sizes.reduce((left, size) => (size === 0 ? left : left - 2 ** (bits - size)), 2 ** bits)
  if (room < 0 || (room > 0 && bits > 1)) return undefined
  const table = new Uint16Array(2 ** bits)
  const words = wordsOf(sizes)
  for (const [symbol, size] of sizes.entries())
    if (size > 0)
      for (let i = words[symbol] as number; i < table.length; i += 2 ** size) table[i] = (symbol << 4) | size
  return { table, bits }
}

class Found extends Error {
  readonly fault: Fault
  constructor(fault: Fault) {
    super(fault.expected)
    this.fault = fault
  }
}

/** The room for bytes at first, which grows with what there is: a stream may end long before the announced size. */
const firstRoom = 2 ** 16

/** The bytes of a stream; where only the first are wanted, it is given up as soon as there are so many. */
const run = (bytes: Uint8Array, size: number, wanted = Number.POSITIVE_INFINITY): Uint8Array => {
  let out = new Uint8Array(Math.min(size, firstRoom))
  let [at, to, hold, have] = [0, 0, 0, 0]

  const fail = (reason: Fault['reason'], expected: string, actual: string): never => {
    throw new Found({ reason, expected, actual, byte: at })
  }
  const cut = (): never => fail('Truncated', 'more compressed bytes', 'their end')
  const fill = (count: number): void => {
    while (have < count && at < bytes.length) {
      hold |= (bytes[at++] as number) << have
      have += 8
    }
  }
  const drop = (count: number): void => {
    if (count > have) cut()
    hold >>>= count
    have -= count
  }
  const take = (count: number): number => {
    fill(count)
    const bits = hold & ((1 << count) - 1)
    drop(count)
    return bits
  }
  const symbol = ({ table, bits }: Code): number => {
    fill(bits)
    const found = table[hold & (table.length - 1)] as number
    if (found === 0) return have < bits ? cut() : fail('BadData', 'a word of the code', 'another')
    drop(found & 15)
    return found >>> 4
  }
  const made = (what: string, sizes: readonly number[]): Code =>
    codeOf(sizes) ?? fail('BadData', `a complete code for ${what}`, 'too many words or too few')
  const grow = (count: number): void => {
    if (to + count > size) fail('WrongSize', `${size} bytes when inflated, as announced`, 'more')
    if (to + count <= out.length) return
    const more = new Uint8Array(Math.min(size, Math.max(2 * out.length, to + count)))
    more.set(out)
    out = more
  }

  const stored = (): void => {
    drop(have % 8)
    const [count, check] = [take(16), take(16)]
    if ((count ^ check) !== 0xffff)
      fail('BadData', 'the length of stored bytes, twice', `${count} and ${check ^ 0xffff}`)
    grow(count)
    for (let i = 0; i < count; i++) out[to++] = take(8)
  }

  const tables = (): readonly [Code, Code] => {
    const [literals, others, count] = [take(5) + 257, take(5) + 1, take(4) + 4]
    if (literals > 286 || others > 30) fail('BadData', 'at most 286 and 30 words', `${literals} and ${others}`)
    const first = new Array<number>(19).fill(0)
    for (let i = 0; i < count; i++) first[order[i] as number] = take(3)
    const code = made('lengths of words', first)
    const sizes: number[] = []
    while (sizes.length < literals + others) {
      const s = symbol(code)
      if (s === 16 && sizes.length === 0) fail('BadData', 'a length to repeat', 'none')
      const again = s < 16 ? 1 : s === 16 ? 3 + take(2) : s === 17 ? 3 + take(3) : 11 + take(7)
      const size = s < 16 ? s : s === 16 ? (sizes[sizes.length - 1] as number) : 0
      for (let i = 0; i < again; i++) sizes.push(size)
    }
    if (sizes.length > literals + others) fail('BadData', `${literals + others} lengths of words`, 'more')
    if (sizes[256] === 0) fail('BadData', 'a word for the end of a block', 'none')
    return [made('bytes', sizes.slice(0, literals)), made('distances', sizes.slice(literals))]
  }

  const block = ([literals, others]: readonly [Code, Code]): void => {
    while (to < wanted) {
      const s = symbol(literals)
      if (s === 256) return
      if (s < 256) {
        grow(1)
        out[to++] = s
        continue
      }
      const [least, bits] = lengths[s - 257] ?? fail('BadData', 'a length', `the symbol ${s}`)
      const count = least + take(bits)
      const d = symbol(others)
      const [nearest, more] = distances[d] ?? fail('BadData', 'a distance', `the symbol ${d}`)
      const from = to - nearest - take(more)
      if (from < 0) fail('BadData', `a distance of at most ${to}`, `${to - from}`)
      grow(count)
      for (let i = 0; i < count; i++) out[to++] = out[from + i] as number
    }
  }

  for (let last = 0; last === 0 && to < wanted; ) {
    last = take(1)
    const kind = take(2)
    if (kind === 3) fail('BadData', 'a block of kind 0, 1 or 2', '3')
    if (kind === 0) stored()
    else block(kind === 1 ? fixed() : tables())
  }
  if (to >= wanted) return out.subarray(0, wanted)
  at -= have >>> 3
  if (to < size) fail('WrongSize', `${size} bytes when inflated, as announced`, `${to}`)
  if (at < bytes.length) fail('TrailingBytes', 'the end of the compressed bytes', `${bytes.length - at} more`)
  return out
}

const fixed = (): readonly [Code, Code] => [codeOf(fixedLiterals) as Code, codeOf([...fixedDistances, 5, 5]) as Code]

const faulty = (f: () => Uint8Array): Uint8Array | Fault => {
  try {
    return f()
  } catch (e) {
    if (e instanceof Found) return e.fault
    throw e
  }
}

/** Inflates; a fault is returned. Memory is taken for what is there, up to the announced size. */
export const inflate: Inflate = (bytes, size) => faulty(() => run(bytes, size))

/** Inflates the first bytes of a stream of an announced size; of what is behind them nothing is read. */
export const inflateFirst = (bytes: Uint8Array, size: number, count: number): Uint8Array | Fault =>
  faulty(() => run(bytes, size, count))
