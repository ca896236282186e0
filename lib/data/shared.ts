/** A list with `by` added to one entry. */
const changed = (counts: readonly number[], place: number, by: number): readonly number[] =>
  counts.map((count, i) => (i === place ? count + by : count))

const largestOf = (counts: readonly number[]): number => counts.indexOf(Math.max(...counts))

/**
 * Divides n things into parts by their shares: the nearest whole numbers (the largest remainders are rounded up, the
 * first of equal ones), and at least one for each part with a share above 0 where there are enough.
 */
export const shared = (n: number, shares: readonly number[]): readonly number[] => {
  const exact = shares.map((share) => share * n)
  const whole = exact.map((x) => Math.floor(x + 1e-9))
  const sum = (xs: readonly number[]): number => xs.reduce((total, x) => total + x, 0)
  const rest = exact.map((x, i) => x - (whole[i] as number))
  const up = [...rest.keys()].sort((a, b) => (rest[b] as number) - (rest[a] as number) || a - b)
  const nearest = up
    .slice(0, Math.round(sum(exact)) - sum(whole))
    .reduce((counts, i) => changed(counts, i, 1), whole as readonly number[])
  return shares.reduce((counts, share, i) => {
    const largest = largestOf(counts)
    const lacks = share > 0 && counts[i] === 0 && (counts[largest] as number) > 1
    return lacks ? changed(changed(counts, largest, -1), i, 1) : counts
  }, nearest)
}
