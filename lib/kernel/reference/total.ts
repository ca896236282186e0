import type { Data } from '../../tensor/data.ts'

/**
 * term(0) + … + term(n − 1), as if rounded once, at the end: the rounding error of each addition is summed separately.
 * Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen", 1974. Infinities and NaN are
 * summed plainly.
 */
export const total = (n: number, term: (i: number) => number): number => {
  let [s, lost] = [0, 0]
  for (let i = 0; i < n; i++) {
    const v = term(i)
    const t = s + v
    lost += Math.abs(s) >= Math.abs(v) ? s - t + v : v - t + s
    s = t
  }
  return Number.isFinite(s) ? s + lost : s
}

/** Many sums, of terms in any order, each computed as by `total`. */
export const totals = (
  n: number,
): { readonly add: (i: number, v: number) => void; readonly into: <D extends Data>(to: D) => D } => {
  const [sums, lost] = [new Float64Array(n), new Float64Array(n)]
  return {
    add: (i, v) => {
      const s = sums[i] as number
      const t = s + v
      lost[i] = (lost[i] as number) + (Math.abs(s) >= Math.abs(v) ? s - t + v : v - t + s)
      sums[i] = t
    },
    into: (to) => {
      sums.forEach((s, i) => {
        to[i] = Number.isFinite(s) ? s + (lost[i] as number) : s
      })
      return to
    },
  }
}
