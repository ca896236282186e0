// Deflates by RFC 1951: blocks of up to 65,535 bytes, each with codes of its own, or stored where these do not help.
import { distances, lengths, order, wordsOf } from './huffman.ts'
import { sizesOf } from './lengths.ts'
import { type Finder, finder } from './matches.ts'

/** The compressed form of bytes. */
export type Deflate = (bytes: Uint8Array) => Uint8Array

const longestBlock = 65535

/** Bits one behind the other, the lowest first. */
const bitWriter = () => {
  let [bytes, at, hold, have] = [new Uint8Array(1024), 0, 0, 0]
  const byte = (b: number): void => {
    if (at === bytes.length) {
      const larger = new Uint8Array(2 * at)
      larger.set(bytes)
      bytes = larger
    }
    bytes[at++] = b
  }
  /** Writes at most 16 bits. */
  const put = (bits: number, count: number): void => {
    hold |= bits << have
    have += count
    for (; have >= 8; have -= 8, hold >>>= 8) byte(hold & 255)
  }
  const align = (): void => {
    if (have > 0) put(0, 8 - have)
  }
  const done = (): Uint8Array => {
    align()
    return bytes.slice(0, at)
  }
  return { put, align, byte, done }
}
type BitWriter = ReturnType<typeof bitWriter>

/** The symbol of each length, less 257. */
const lengthSymbols = Uint8Array.from({ length: 259 }, (_, n) => lengths.findLastIndex(([least]) => least <= n))
/** The symbol of a distance: two for each power of two. */
const distanceSymbol = (distance: number): number => {
  if (distance < 5) return distance - 1
  const power = 31 - Math.clz32(distance - 1)
  return 2 * power + (((distance - 1) >>> (power - 1)) & 1)
}

/** A byte, or a match as its length times 65,536 and its distance. */
const tokensOf = (bytes: Uint8Array, from: number, to: number, find: Finder): Uint32Array => {
  const tokens = new Uint32Array(to - from)
  let count = 0
  for (let at = from; at < to; ) {
    const [length, distance] = find(at, to)
    tokens[count++] = length === 0 ? (bytes[at] as number) : length * 65536 + distance
    for (let i = 1; i < length; i++) find(at + i, at + i)
    at += Math.max(1, length)
  }
  return tokens.subarray(0, count)
}

/** The lengths of words in the form that a block tells them: each symbol with its additional bits. */
const told = (sizes: readonly number[]): readonly (readonly [symbol: number, more: number, bits: number])[] => {
  const made: (readonly [number, number, number])[] = []
  for (let i = 0; i < sizes.length; ) {
    const size = sizes[i] as number
    let run = 1
    while (sizes[i + run] === size && run < 138) run++
    if (size === 0 && run >= 3) made.push(run < 11 ? [17, run - 3, 3] : [18, run - 11, 7])
    else {
      run = 1
      made.push([size, 0, 0])
      while (size > 0 && run < 7 && sizes[i + run] === size) run++
      if (run > 3) made.push([16, run - 4, 2])
      else run = 1
    }
    i += run
  }
  return made
}

const trimmed = (sizes: readonly number[], least: number): readonly number[] => {
  let n = sizes.length
  while (n > least && sizes[n - 1] === 0) n--
  return sizes.slice(0, n)
}

/** Writes a block; bytes are stored where that is shorter. */
const block = (out: BitWriter, bytes: Uint8Array, tokens: Uint32Array, isLast: boolean): void => {
  const [literals, others] = [new Uint32Array(286), new Uint32Array(30)]
  for (const token of tokens)
    if (token < 65536) (literals[token] as number)++
    else {
      ;(literals[257 + (lengthSymbols[token >>> 16] as number)] as number)++
      ;(others[distanceSymbol(token & 65535)] as number)++
    }
  literals[256] = 1
  const [byLiteral, byDistance] = [trimmed(sizesOf(literals, 15), 257), trimmed(sizesOf(others, 15), 1)]
  const lines = told([...byLiteral, ...byDistance])
  const counts = new Array<number>(19).fill(0)
  for (const [symbol] of lines) (counts[symbol] as number)++
  const byOrder = sizesOf(counts, 7)
  const shown = trimmed(
    order.map((symbol) => byOrder[symbol] as number),
    4,
  )
  const sum = (found: Uint32Array, sizes: readonly number[], more: (i: number) => number): number =>
    sizes.reduce((total, size, i) => total + (found[i] as number) * (size + more(i)), 0)
  const bits =
    17 +
    3 * shown.length +
    lines.reduce((total, [symbol, , more]) => total + (byOrder[symbol] as number) + more, 0) +
    sum(literals, byLiteral, (i) => lengths[i - 257]?.[1] ?? 0) +
    sum(others, byDistance, (i) => (distances[i] as (typeof distances)[number])[1])
  if (bits >= 8 * bytes.length + 35) {
    out.put(isLast ? 1 : 0, 3)
    out.align()
    out.put(bytes.length, 16)
    out.put(bytes.length ^ 0xffff, 16)
    for (const b of bytes) out.byte(b)
    return
  }
  out.put(isLast ? 5 : 4, 3)
  out.put(byLiteral.length - 257, 5)
  out.put(byDistance.length - 1, 5)
  out.put(shown.length - 4, 4)
  for (const size of shown) out.put(size, 3)
  const orderWords = wordsOf(byOrder)
  for (const [symbol, more, count] of lines) {
    out.put(orderWords[symbol] as number, byOrder[symbol] as number)
    out.put(more, count)
  }
  const [words, distanceWords] = [wordsOf(byLiteral), wordsOf(byDistance)]
  const step = (table: typeof lengths, symbol: number, value: number): void => {
    const [least, count] = table[symbol] as (typeof table)[number]
    out.put(value - least, count)
  }
  for (const token of tokens) {
    const [length, distance] = [token >>> 16, token & 65535]
    const symbol = length === 0 ? token : 257 + (lengthSymbols[length] as number)
    out.put(words[symbol] as number, byLiteral[symbol] as number)
    if (length === 0) continue
    step(lengths, symbol - 257, length)
    const far = distanceSymbol(distance)
    out.put(distanceWords[far] as number, byDistance[far] as number)
    step(distances, far, distance)
  }
  out.put(words[256] as number, byLiteral[256] as number)
}

/** Deflates. The same bytes give the same stream, everywhere. */
export const deflate: Deflate = (bytes) => {
  const out = bitWriter()
  const find = finder(bytes)
  for (let from = 0; from === 0 || from < bytes.length; from += longestBlock) {
    const to = Math.min(bytes.length, from + longestBlock)
    block(out, bytes.subarray(from, to), tokensOf(bytes, from, to, find), to === bytes.length)
  }
  return out.done()
}
