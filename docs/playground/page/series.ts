// A curve that grows for as long as a run does: when it has too many points, every second one goes.

export interface Series {
  readonly xs: readonly number[]
  readonly ys: readonly number[]
  /** One of so many values is kept. */
  readonly every: number
  /** The count of all values so far. */
  readonly seen: number
}

const most = 4096

export const emptySeries: Series = { xs: [], ys: [], every: 1, seen: 0 }

/** The series with more values, at the numbers from `x` on. */
export const extended = (series: Series, x: number, values: readonly number[]): Series => {
  const kept = values.map((y, i) => [x + i, y] as const).filter((_, i) => (series.seen + i) % series.every === 0)
  const xs = [...series.xs, ...kept.map(([at]) => at)]
  const ys = [...series.ys, ...kept.map(([, y]) => y)]
  const seen = series.seen + values.length
  if (xs.length <= most) return { ...series, xs, ys, seen }
  const even = (_: number, i: number): boolean => i % 2 === 0
  return { xs: xs.filter(even), ys: ys.filter(even), every: 2 * series.every, seen }
}
