// Contour lines of a function of two numbers.
import type { Point } from 'pullback/chart'

export type Segment = readonly [from: Point, to: Point]

/** A function to draw lines of, from one end of each axis to the other. */
export interface Surface {
  readonly f: (at: Point) => number
  readonly x: readonly [number, number]
  readonly y: readonly [number, number]
}

/** The zero of a function between two corners, given its values there. */
const between = ([a, atA]: Corner, [b, atB]: Corner): readonly Point[] => {
  if (atA < 0 === atB < 0) return []
  const share = atA / (atA - atB)
  return [[a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])]]
}
type Corner = readonly [place: Point, value: number]

/**
 * For each level the lines where the function has that value, in short pieces: squares, each cut into two triangles.
 */
export const contours = (
  { f, x, y }: Surface,
  levels: readonly number[],
  cells = 80,
): readonly (readonly Segment[])[] => {
  const along = ([from, to]: readonly [number, number], i: number): number => from + ((to - from) * i) / cells
  const corners: readonly Corner[] = Array.from({ length: (cells + 1) ** 2 }, (_, n) => {
    const place: Point = [along(x, n % (cells + 1)), along(y, Math.floor(n / (cells + 1)))]
    return [place, f(place)]
  })
  const triangles = Array.from({ length: cells ** 2 }, (_, n) => {
    const first = n + Math.floor(n / cells)
    const [a, b, c, d] = [0, 1, cells + 2, cells + 1].map((i) => corners[first + i] as Corner)
    return [[a, b, c] as const, [a, c, d] as const]
  }).flat() as readonly (readonly [Corner, Corner, Corner])[]
  return levels.map((level) =>
    triangles.flatMap((triangle) => {
      const [a, b, c] = triangle.map(([place, value]) => [place, value - level] as const) as unknown as typeof triangle
      const [from, to] = [...between(a, b), ...between(b, c), ...between(c, a)]
      return from === undefined || to === undefined ? [] : [[from, to] as const]
    }),
  )
}

/** Pieces that share their ends, put together into lines as long as can be. */
export const joined = (segments: readonly Segment[]): readonly (readonly Point[])[] => {
  const nameOf = ([x, y]: Point): string => `${x.toFixed(9)} ${y.toFixed(9)}`
  const pieces = segments.filter(([from, to]) => nameOf(from) !== nameOf(to))
  const at = new Map<string, Segment[]>()
  for (const piece of pieces) for (const end of piece.map(nameOf)) at.set(end, [...(at.get(end) ?? []), piece])
  const left = new Set(pieces)
  const further = (line: readonly Point[]): readonly Point[] => {
    const here = nameOf(line.at(-1) as Point)
    const next = at.get(here)?.find((piece) => left.has(piece))
    if (next === undefined) return line
    left.delete(next)
    return further([...line, nameOf(next[0]) === here ? next[1] : next[0]])
  }
  return pieces.flatMap((piece) => (left.delete(piece) ? [further(further(piece).toReversed())] : []))
}

/** How far a point is from the line through two others. */
const beside = ([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): number => {
  const [dx, dy] = [bx - ax, by - ay]
  const far = Math.hypot(dx, dy)
  return far === 0 ? Math.hypot(x - ax, y - ay) : Math.abs(dx * (y - ay) - dy * (x - ax)) / far
}

/** A line without the points that it passes by anyway, within a distance. */
export const straightened = (line: readonly Point[], distance: number): readonly Point[] => {
  const kept: Point[] = line.slice(0, 1)
  let last = 0
  for (let i = 1; i < line.length; i++) {
    const [from, to] = [line[last] as Point, line[i + 1]]
    if (to !== undefined && line.slice(last + 1, i + 1).every((p) => beside(p, from, to) < distance)) continue
    kept.push(line[i] as Point)
    last = i
  }
  return kept
}
