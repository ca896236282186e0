/** A point on a line: its distance along the line, and the value and the slope there. */
export interface OnLine {
  readonly t: number
  readonly value: number
  readonly slope: number
}

export interface WolfeOptions {
  /** The required share of the decrease that the first slope promises. */
  readonly c1: number
  /** The slope must flatten to this share of the first slope. */
  readonly c2: number
  /** The number of points tried. */
  readonly tries: number
}

/** The minimum of the cubic through two points with their slopes, or the middle if that lies outside the bounds. */
const cubicMinimum = (a: OnLine, b: OnLine, [low, high]: readonly [number, number]): number => {
  const d1 = a.slope + b.slope - (3 * (a.value - b.value)) / (a.t - b.t)
  const size = Math.max(Math.abs(d1), Math.abs(a.slope), Math.abs(b.slope)) // keeps the squares from overflowing
  const d2 = Math.sign(b.t - a.t) * size * Math.sqrt((d1 / size) ** 2 - (a.slope / size) * (b.slope / size))
  const t = b.t - ((b.t - a.t) * (b.slope + d2 - d1)) / (b.slope - a.slope + 2 * d2)
  return Number.isNaN(t) ? (low + high) / 2 : Math.min(Math.max(t, low), high)
}

/**
 * A point down the line from `start` that meets the strong Wolfe conditions, value ≤ start + c1 · t · slope and
 * |slope| ≤ c2 · |first slope|; if the tries do not reach such a point, the lowest point visited. Nocedal and Wright,
 * "Numerical optimization" (2006), algorithms 3.5 and 3.6, with cubic steps. A point that is not finite counts as too
 * far.
 */
export const strongWolfe = <A extends OnLine>(
  along: (t: number) => A,
  start: A,
  first: number,
  { c1, c2, tries }: WolfeOptions,
): A => {
  const high = ({ t, value, slope }: A): boolean =>
    !(value <= start.value + c1 * t * start.slope) || !Number.isFinite(slope)
  const flat = ({ slope }: A): boolean => Math.abs(slope) <= -c2 * start.slope

  /** Searches between a point that is low enough and one that is not, or that lies beyond a minimum. */
  const zoom = (low: A, far: A, left: number): A => {
    const width = Math.abs(far.t - low.t)
    if (left <= 0 || width <= 1e-12 * Math.max(low.t, far.t)) return low
    const [from, to] = [Math.min(low.t, far.t), Math.max(low.t, far.t)]
    const p = along(cubicMinimum(low, far, [from + 0.1 * width, to - 0.1 * width]))
    if (high(p) || p.value >= low.value) return zoom(low, p, left - 1)
    if (flat(p)) return p
    return zoom(p, p.slope * (far.t - low.t) >= 0 ? low : far, left - 1)
  }

  const widen = (before: A, t: number, left: number): A => {
    const p = along(t)
    if (high(p) || (before !== start && p.value >= before.value)) return zoom(before, p, left - 1)
    if (flat(p) || left <= 1) return p
    if (p.slope >= 0) return zoom(p, before, left - 1)
    return widen(p, cubicMinimum(before, p, [t + 0.01 * (t - before.t), 10 * t]), left - 1)
  }
  return widen(start, first, tries)
}
