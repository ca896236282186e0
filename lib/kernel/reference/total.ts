/**
 * term(0) + … + term(n − 1), as if rounded once, at the end: what each addition loses is summed beside. Neumaier, "Rundungsfehleranalyse
 * einiger Verfahren zur Summation endlicher Summen", 1974. Infinities and NaN sum as they do by themselves.
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
