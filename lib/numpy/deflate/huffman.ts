// Huffman codes as RFC 1951 has them: told by the lengths of their words, which are at most 15 bits.

/** The lengths of matches and the distances to them, by symbol: the least, and the bits that follow. */
const steps = (first: number, plain: number, each: number, count: number): readonly (readonly [number, number])[] => {
  const made: (readonly [number, number])[] = []
  let least = first
  for (let i = 0; i < count; i++) {
    const bits = i < plain ? 0 : Math.floor((i - plain) / each) + 1
    made.push([least, bits])
    least += 2 ** bits
  }
  return made
}

/** Symbols 257 to 285; the last stands for 258 alone. */
export const lengths: readonly (readonly [least: number, bits: number])[] = [...steps(3, 8, 4, 28), [258, 0]]
export const distances: readonly (readonly [least: number, bits: number])[] = steps(1, 4, 2, 30)

/** The order in which the lengths of the words for lengths are told. */
export const order: readonly number[] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

export const fixedLiterals: readonly number[] = Array.from({ length: 288 }, (_, i) =>
  i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8,
)
export const fixedDistances: readonly number[] = Array.from({ length: 30 }, () => 5)

/** The words of a code, by symbol, in the order of their bits in a file: the first is the lowest. */
export const wordsOf = (sizes: readonly number[]): readonly number[] => {
  const count = new Array<number>(16).fill(0)
  for (const size of sizes) if (size > 0) (count[size] as number)++
  const next = [0]
  for (let size = 1; size < 16; size++) next.push(((next[size - 1] as number) + (count[size - 1] as number)) << 1)
  return sizes.map((size) => {
    if (size === 0) return 0
    let [word, reversed] = [(next[size] as number)++, 0]
    for (let i = 0; i < size; i++, word >>>= 1) reversed = (reversed << 1) | (word & 1)
    return reversed
  })
}
