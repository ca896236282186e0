// The derivative of a function of one number at 0, by differences, against a value that claims to be it.

/** The function near 0, and the size of the terms that made it up: what its rounding errors are relative to. */
export type Along = (t: number) => readonly [value: number, magnitude: number]

/** What a comparison found. */
export interface Comparison {
  readonly numeric: number
  /** |claimed − numeric| over the larger of both, or over what rounding hides if that is larger still. */
  readonly error: number
  /** A kink or a jump of the function lies within the step. */
  readonly kink: boolean
  /** Rounding hides so much that little was compared. */
  readonly hidden: boolean
  readonly pass: boolean
}

const epsilon = 2 ** -52

/**
 * The standard deviation of rounding errors, from the fourth differences of values at small steps (Hamming's method). Their
 * median: a kink among the points spoils only a few.
 */
const roughness = (f: (t: number) => number, step: number): number => {
  let row = Array.from({ length: 15 }, (_, i) => f((i - 7) * step))
  for (let order = 0; order < 4; order++) row = row.slice(1).map((v, i) => v - (row[i] as number))
  const sorted = row.map(Math.abs).sort((a, b) => a - b)
  return (sorted[sorted.length >> 1] as number) / (0.6745 * Math.sqrt(70))
}

/** What is known of a function near 0: values are computed once. */
const sampler = (f: Along) => {
  const known = new Map<number, readonly [number, number]>()
  const sample = (t: number): readonly [number, number] => {
    const found = known.get(t) ?? f(t)
    known.set(t, found)
    return found
  }
  const value = (t: number): number => sample(t)[0]
  return {
    value,
    central: (h: number): number => (value(h) - value(-h)) / (2 * h),
    /** The difference of the one-sided slopes: shrinks with h where the function is smooth. */
    bend: (h: number): number => (value(h) - 2 * value(0) + value(-h)) / h,
    /** The error that rounding may make in a difference over h. */
    noise: (h: number, rough = 0): number =>
      Math.max(8 * epsilon * Math.max(sample(h)[1], sample(-h)[1], sample(0)[1]), rough) / h,
  }
}
type Sampler = ReturnType<typeof sampler>

/**
 * Whether differences over h, h/2 and h/4 do not shrink as those of a smooth function do: the one-sided slopes differ by a half each
 * time, central differences by a quarter. What is below `least`, or may be rounding, does not count.
 */
const irregular = ({ bend, central, noise }: Sampler, h: number, least: number, rough = 0): boolean => {
  const rounding = 16 * noise(h / 4, rough) + least
  const [wide, half, close] = [central(h), central(h / 2), central(h / 4)]
  return (
    Math.abs(bend(h / 2)) > 0.75 * Math.abs(bend(h)) + rounding ||
    Math.abs(close - half) > 0.5 * Math.abs(half - wide) + rounding
  )
}

/** A derivative from the differences over a range of steps, and how exact it seems. */
interface Estimate {
  readonly value: number
  readonly error: number
  /** The rounding errors of the function's values. */
  readonly rough: number
  /** The function is smooth on the scale of the steps. */
  readonly smooth: boolean
}

/** Ridders' table: central differences over halved steps, extrapolated to step 0; the entry that seems most exact. */
const extrapolate = (s: Sampler, first: number, known = 0): Estimate => {
  const rough = Math.max(known, 3 * roughness(s.value, first * 3e-5) || 0)
  let best = { value: Number.NaN, error: Number.POSITIVE_INFINITY }
  let above: readonly number[] = []
  let h = first
  for (let level = 0; level < 10; level++, h /= 2) {
    const row = [s.central(h)]
    if (!Number.isFinite(row[0])) {
      above = []
      continue
    }
    for (let j = 1; j <= above.length; j++) {
      const [left, up] = [row[j - 1] as number, above[j - 1] as number]
      const value = left + (left - up) / (4 ** j - 1)
      const error = Math.max(Math.abs(value - left), Math.abs(value - up)) + s.noise(h, rough)
      if (error < best.error) best = { value, error }
      row.push(value)
    }
    above = row
  }
  const smooth =
    Number.isFinite(best.value) && ![4, 8, 16].some((k) => irregular(s, k * h, 1e-4 * Math.abs(best.value), rough))
  return { ...best, rough, smooth }
}

/**
 * Compares a claimed derivative at 0 with differences of `f`. `scale` is the size of the numbers that the argument moves, `size` that
 * of the gradient as a whole.
 *
 * First a plain central difference. If that disagrees, or rounding hides too much, Richardson extrapolation (Ridders 1982) from
 * larger steps, which is far more exact for smooth functions, and from smaller ones for steep functions and near the end of where
 * one is defined. If that disagrees too and the second differences tell that a kink lies within the step, a step short of the
 * kink decides; at a kink itself any value between the slopes on either side is right.
 */
export const compareSlope = (f: Along, claimed: number, scale: number, tolerance: number, size = 0): Comparison => {
  const near = scale * 6e-6
  const s = sampler(f)
  const result = (numeric: number, uncertain: number, kink: boolean): Comparison => {
    const slope = Math.max(Math.abs(claimed), Math.abs(numeric))
    const difference = Math.abs(claimed - numeric)
    const limit = tolerance * slope + uncertain
    if (!Number.isFinite(difference))
      return { numeric, error: Number.POSITIVE_INFINITY, kink, hidden: false, pass: false }
    const error = difference === 0 ? 0 : (tolerance * difference) / limit
    return { numeric, error, kink, hidden: uncertain > 1e-2 * Math.max(slope, size), pass: difference <= limit }
  }

  const plain = result(s.central(near), s.noise(near), false)
  const straight = Math.abs(s.bend(near)) <= 1e-2 * Math.max(Math.abs(claimed), size) + 16 * s.noise(near)
  if (plain.pass && straight && s.noise(near) <= 1e-4 * Math.max(Math.abs(claimed), size)) return plain

  const within = (share: number, { value, error, smooth }: Estimate): boolean =>
    smooth && error <= share * Math.max(Math.abs(value), size)
  const rank = (e: Estimate): number => (within(0.1, e) ? 0 : e.smooth ? 1 : 2)
  const estimate = [1e-3, 1e-6].reduce(
    (best, part) => {
      if (within(tolerance, best)) return best
      const next = extrapolate(s, (part * scale) / 32, rank(best) === 0 ? best.rough : 0)
      return rank(next) < rank(best) || (rank(next) === rank(best) && next.error < best.error) ? next : best
    },
    extrapolate(s, scale / 32),
  )
  const slope = Math.max(Math.abs(claimed), Math.abs(estimate.value) || 0)
  const meets = (h: number): boolean => irregular(s, h, tolerance * slope, rank(estimate) === 0 ? estimate.rough : 0)
  const fine = result(
    estimate.value,
    4 * estimate.error,
    [1, 2, 4, 8].some((k) => meets(k * near)),
  )
  const reliable =
    estimate.smooth &&
    (estimate.error <= 1e-3 * Math.max(Math.abs(estimate.value), size) || estimate.error <= s.noise(near))
  if (fine.pass && reliable) return fine
  const steps = Array.from({ length: 10 }, (_, i) => scale * 10 ** -(3 + i))
  if (!steps.slice(0, 5).some(meets)) return fine

  const telling = steps.filter(
    (h) => h <= near && s.noise(h) <= 1e-3 * Math.max(Math.abs(s.central(h)), Math.abs(claimed), size),
  )
  const short = telling.find(
    (h) => Math.abs(s.bend(h)) <= 16 * s.noise(h) + tolerance * slope && !irregular(s, h, slope, tolerance),
  )
  if (short !== undefined) return result(s.central(short), 4 * s.noise(short), true)
  const last = telling[telling.length - 1] ?? near
  const sides = (h: number): readonly [number, number] => [
    (s.value(2 * h) - s.value(h)) / h,
    (s.value(-h) - s.value(-2 * h)) / h,
  ]
  const [close, wide] = [sides(last), sides(4 * last)]
  const steady = close.every(
    (side, i) => Math.abs(side - (wide[i] as number)) <= 1e-3 * Math.abs(side) + 16 * s.noise(last),
  )
  if (!steady) return { ...fine, kink: true, pass: false }
  return result(Math.min(Math.max(claimed, Math.min(...close)), Math.max(...close)), 4 * s.noise(last), true)
}
