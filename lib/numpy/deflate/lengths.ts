/**
 * The lengths of the words of a Huffman code, by symbol, from how often each occurs: none is longer than `most`. Two
 * queues give the best code; words that are too long are shortened at the cost of others, as few as that takes.
 */
export const sizesOf = (counts: ArrayLike<number>, most: number): readonly number[] => {
  const used = Array.from(counts, (_, symbol) => symbol)
    .filter((symbol) => (counts[symbol] as number) > 0)
    .sort((a, b) => (counts[a] as number) - (counts[b] as number) || a - b)
  const sizes = new Array<number>(counts.length).fill(0)
  if (used.length === 1) sizes[used[0] as number] = 1
  if (used.length < 2) return sizes
  const n = used.length
  const weights = used.map((symbol) => counts[symbol] as number)
  const parents = new Array<number>(2 * n - 1).fill(0)
  let [leaf, inner] = [0, n]
  const least = (): number =>
    leaf < n && (inner >= weights.length || (weights[leaf] as number) <= (weights[inner] as number)) ? leaf++ : inner++
  for (let made = n; made < 2 * n - 1; made++) {
    const [a, b] = [least(), least()]
    parents[a] = made
    parents[b] = made
    weights.push((weights[a] as number) + (weights[b] as number))
  }
  const depths = new Array<number>(2 * n - 1).fill(0)
  const words = new Array<number>(most + 1).fill(0)
  for (let i = 2 * n - 3; i >= 0; i--) {
    depths[i] = (depths[parents[i] as number] as number) + 1
    if (i < n) (words[Math.min(depths[i] as number, most)] as number)++
  }
  let excess = words.reduce((sum, count, size) => sum + count * 2 ** (most - size), 0) - 2 ** most
  for (; excess > 0; excess--) {
    let size = most - 1
    while (words[size] === 0) size--
    ;(words[most] as number)--
    ;(words[size] as number)--
    ;(words[size + 1] as number) += 2
  }
  let next = 0
  for (let size = most; size > 0; size--)
    for (let i = 0; i < (words[size] as number); i++) sizes[used[next++] as number] = size
  return sizes
}
