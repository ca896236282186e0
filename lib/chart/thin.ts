import type { Point } from './figure.ts'

/** The first, lowest, highest and last of the points in one column of pixels, in their order. */
const outermost = (points: readonly Point[]): readonly Point[] => {
  if (points.length <= 4) return points
  let [low, high] = [0, 0]
  for (const [i, [, y]] of points.entries()) {
    if (y < (points[low] as Point)[1]) low = i
    if (y > (points[high] as Point)[1]) high = i
  }
  return [...new Set([0, low, high, points.length - 1])].sort((a, b) => a - b).map((i) => points[i] as Point)
}

/**
 * Removes points without changing the picture: of consecutive points in one column of pixels, only the outermost stay.
 * A long series then takes no more room than the width of the picture requires. Points that cannot be drawn are gaps;
 * one is kept for each gap.
 */
export const thinned = (points: readonly Point[]): readonly Point[] => {
  const kept: Point[] = []
  let group: Point[] = []
  const columnOf = (p: Point | undefined): number => (p?.every(Number.isFinite) ? Math.round(p[0]) : Number.NaN)
  for (const point of points) {
    const column = columnOf(point)
    if (!Object.is(columnOf(group[0]), column)) {
      kept.push(...outermost(group))
      group = []
    }
    if (group.length === 0 || !Number.isNaN(column)) group.push(point)
  }
  return [...kept, ...outermost(group)]
}
