// Compares a claimed derivative of a function of one number at 0 with differences.
import { type Curve, derivativeOf, type Estimate, errorOf, estimateBy, type Found } from './estimate.ts'

/** A function of one number whose value is a sum of parts. */
export interface Along {
  /** The parts at a number, and a bound for the rounding error of each. */
  readonly along: (t: number) => readonly [parts: ArrayLike<number>, rounding: ArrayLike<number>]
  /** The bound for the rounding error of each part if it is the difference of numbers of size 1. */
  readonly units: ArrayLike<number>
}

/** The sizes of the numbers that move: the longest step is an eighth of `scale`, and steps go below `least`. */
export interface Reach {
  readonly scale: number
  readonly least: number
}

/** The result of a comparison. */
export interface Comparison {
  readonly numeric: number
  /** |claimed − numeric| divided by the larger of both, or by the rounding error if that is larger still. */
  readonly error: number
  /** True if the function bends within a usual step as no smooth function does. */
  readonly kink: boolean
  /** True if rounding hides so much that little was compared. */
  readonly hidden: boolean
  /**
   * True if there is a kink at the point itself, or the function is not defined on both sides of it, so that points
   * nearby must decide.
   */
  readonly unclear: boolean
  readonly pass: boolean
}

const sum = (numbers: ArrayLike<number>): number => {
  let total = 0
  for (let i = 0; i < numbers.length; i++) total += numbers[i] as number
  return total
}
const sumOf = (found: readonly Found[], of: (f: Found) => number): number => found.reduce((s, f) => s + of(f), 0)

/** The function's parts and their sum, each as a curve; values are computed once. */
const curves = ({ along }: Along) => {
  const known = new Map<number, ReturnType<Along['along']>>()
  const sample = (t: number): ReturnType<Along['along']> => {
    const found = known.get(t) ?? along(t)
    known.set(t, found)
    return found
  }
  const part = (i: number): Curve => ({
    value: (t) => sample(t)[0][i] as number,
    rounding: (t) => sample(t)[1][i] as number,
  })
  const whole: Curve = { value: (t) => sum(sample(t)[0]), rounding: (t) => sum(sample(t)[1]) }
  const isStill = (t: number): boolean => {
    const [now, then] = [sample(0)[0], sample(t)[0]]
    for (let i = 0; i < now.length; i++) if (now[i] !== then[i]) return false
    return true
  }
  return { whole, parts: () => Array.from(sample(0)[0], (_, i) => part(i)), isStill }
}

/** The result of `derivativeOf` where nothing changes over its longest steps, which are exact then. */
const constant = (part: Curve, first: number): Found => ({
  value: 0,
  shape: 0,
  rounding: (4 * part.rounding(0)) / first,
  bent: false,
  sides: [0, 0],
})

/**
 * Compares a claimed derivative at 0 with differences of `f`. `size` is that of the gradient as a whole.
 *
 * Differences over usual steps come first; if they agree closely, that is all. If not, each part of the value is
 * compared by steps that suit it. At a kink any value between the slopes on either side may be right; the result is
 * then unclear.
 */
export const compareSlope = (
  f: Along,
  claimed: number,
  { scale, least }: Reach,
  tolerance: number,
  size = 0,
): Comparison => {
  const first = 2 ** (Math.floor(Math.log2(scale)) - 3)
  const { whole, parts, isStill } = curves(f)
  const usual = estimateBy(whole, first * 2 ** -7)
  const slope = Math.max(Math.abs(claimed), Math.abs(usual.value))
  const kink = usual.shape > 1e-3 * Math.max(slope, size) + 16 * usual.rounding
  const compared = (e: Estimate, [low, high]: readonly [number, number], unclear: boolean): Comparison => {
    const off = claimed < low ? low - claimed : claimed > high ? claimed - high : claimed - claimed
    const larger = Math.max(Math.abs(claimed), Math.abs(e.value), Math.abs(low), Math.abs(high))
    const limit = tolerance * larger + 4 * (unclear ? 0 : e.shape) + 8 * e.rounding + 1e-3 * (high - low)
    const finite = Number.isFinite(off)
    return {
      numeric: e.value,
      error: off === 0 ? 0 : finite ? (tolerance * off) / limit : Number.POSITIVE_INFINITY,
      kink: kink || unclear,
      hidden: 4 * errorOf(e) > 1e-2 * Math.max(larger, size),
      unclear,
      pass: finite && off <= limit,
    }
  }
  const exact = (e: Estimate): Comparison => compared(e, [e.value, e.value], false)
  if (Math.abs(claimed - usual.value) <= tolerance * slope && errorOf(usual) <= 0.25 * tolerance * slope)
    return exact(usual)
  if (!Number.isFinite(claimed)) return exact(usual)

  /**
   * A part that depends on the argument but does not change here, such as 1 − tanh x for large x: rounding hides its
   * slope.
   */
  const hides = (part: Curve, found: Found): boolean =>
    found.value === 0 &&
    found.shape === 0 &&
    [6, 9, 14, 20, 30].some((e) => [1, -1].some((sign) => part.value(sign * 2 ** e * first) !== part.value(0)))
  // Most slopes that are not compared by now are 0, since the value does not depend on the entry.
  const still =
    claimed === 0 && [1, 2, 4, -1, -2, -4].every((k) => isStill((k / 4) * first) && isStill((k / 128) * first))
  const found = parts().map((part, i) => {
    const of = still ? constant(part, first) : derivativeOf(part, first, least)
    return of && hides(part, of) ? { ...of, rounding: of.rounding + (4 * (f.units[i] as number)) / first } : of
  })
  if (!found.every((part) => part !== undefined)) return { ...exact(usual), pass: false, unclear: true }
  const estimate = {
    value: sumOf(found, (p) => p.value),
    shape: sumOf(found, (p) => (p.bent ? 0 : p.shape)),
    rounding: sumOf(found, (p) => p.rounding),
  }
  const bent = sumOf(found, (p) => (p.bent ? p.shape : 0))
  const unclear = 4 * bent > 1e-3 * Math.max(Math.abs(claimed), Math.abs(estimate.value))
  if (!unclear) return exact({ ...estimate, shape: estimate.shape + bent })
  return compared(estimate, [sumOf(found, (p) => p.sides[0]), sumOf(found, (p) => p.sides[1])], true)
}
