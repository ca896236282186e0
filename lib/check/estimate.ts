// The derivative of a function of one number at 0, by differences over many steps.

/** A function near 0, and a bound for the rounding errors of its values. */
export interface Curve {
  readonly value: (t: number) => number
  readonly rounding: (t: number) => number
}

/** A derivative, and bounds for its errors. */
export interface Estimate {
  readonly value: number
  /** The error from the function's shape: the remainder after extrapolation, and kinks. */
  readonly shape: number
  /** The error from rounding. */
  readonly rounding: number
}

/** The largest number of steps, which are a power of two times 2⁻ᵏ, for k from 2 on. */
const levels = 90

export const errorOf = ({ shape, rounding }: Estimate): number => shape + rounding

/**
 * Central differences over h, 2 h and 4 h, extrapolated twice to step 0 (Richardson), and how much the extrapolations
 * differ.
 */
export const estimateBy = ({ value, rounding }: Curve, h: number, rough = 0): Estimate => {
  const central = (step: number): number => (value(step) - value(-step)) / (2 * step)
  /** The difference of the slopes on either side: it halves with the step where the function is smooth. */
  const bend = (step: number): number => (value(step) - 2 * value(0) + value(-step)) / step
  const [wide, half, close] = [central(4 * h), central(2 * h), central(h)]
  const [once, twice] = [(4 * half - wide) / 3, (4 * close - half) / 3]
  const best = (16 * twice - once) / 15
  const kink = Math.abs(2 * bend(h) - bend(2 * h))
  return {
    value: best,
    shape: Math.max(Math.abs(best - twice), Math.abs(twice - once), kink) || 0,
    rounding: Math.max(rounding(h), rounding(-h), rounding(0), rough) / h,
  }
}

/** An estimate and its step. */
type Step = Estimate & { readonly h: number }

/** Estimates with ever shorter steps, until the rounding error alone exceeds the error of the best of them. */
const ladder = (curve: Curve, first: number, least: number, rough = 0): readonly Step[] => {
  const found: Step[] = []
  let best = Number.POSITIVE_INFINITY
  for (let k = 2; k < levels; k++) {
    const h = first * 2 ** -k
    const at = estimateBy(curve, h, rough)
    if (Number.isFinite(at.value)) {
      found.push({ ...at, h })
      best = Math.min(best, errorOf(at))
    }
    if (at.rounding > best && h < least) break
  }
  // Rounding that shows at a shorter step affects this one too, even if its estimates agree by chance.
  return found.map((step, i) => {
    const shorter = [1, 2, 3].map((n) => (found[i + n]?.shape ?? 0) / 4 ** n)
    return { ...step, shape: Math.max(step.shape, ...shorter) }
  })
}

/** True if a function is clearly smooth over a step, and not constant. */
const isSmooth = (step: Step): boolean => Math.abs(step.value) > 100 * errorOf(step)

/**
 * The estimate that seems most exact, of those that agree with all from shorter steps: a long step may not notice what
 * lies within it, such as a pole. But where a function is clearly smooth over a longer step, shorter ones that disagree
 * see the rounding of its values.
 */
const bestOf = (steps: readonly Step[]): Step | undefined => {
  let agreeing: Step[] = []
  let apart = false
  for (const next of [...steps].reverse()) {
    apart ||= agreeing.some((e) => Math.abs(e.value - next.value) > 8 * (errorOf(e) + errorOf(next)))
    if (apart && !isSmooth(next)) continue
    if (apart) agreeing = []
    apart = false
    agreeing.push(next)
  }
  return agreeing.reduce<Step | undefined>(
    (best, next) => (best === undefined || errorOf(next) < errorOf(best) ? next : best),
    undefined,
  )
}

/**
 * The roughness of the values on either side of 0, from their fourth differences over steps at which a smooth function
 * has none (Hamming). A kink at 0 is not taken for rounding.
 */
const roughness = ({ value }: Curve, h: number): number => {
  const most = [h, -h].map((step) => {
    let row = Array.from({ length: 9 }, (_, i) => value((i + 1) * step))
    for (let order = 0; order < 4; order++) row = row.slice(1).map((v, i) => v - (row[i] as number))
    return Math.max(...row.map(Math.abs))
  })
  return Math.max(...most) / 2 || 0
}

/** True for a step over which a function does not change at all. */
const isFlat = ({ value, shape }: Step): boolean => value === 0 && shape === 0

/**
 * The height of the stairs of a function that is constant over short steps but not over longer ones: its values are
 * rounded. 0 for a function that is flat and then bends or jumps.
 */
const stairs = ({ value }: Curve, steps: readonly Step[]): number => {
  const flat = steps.find(isFlat)
  if (flat === undefined || flat === steps[0]) return 0
  const heightFrom = (start: number): number => {
    const values = Array.from({ length: 21 }, (_, i) => value(start * (1 + i / 4)))
    const rises = values.slice(1).map((v, i) => Math.abs(v - (values[i] as number)))
    const climbing = rises.slice(
      Math.max(
        0,
        rises.findIndex((r) => r > 0),
      ),
    )
    const climbs = climbing.filter((r) => r > 0)
    return climbs.length > 1 && climbs.length < climbing.length ? Math.max(...climbs) : 0
  }
  const heights = [4, 32, 256].flatMap((times) => [heightFrom(times * flat.h), heightFrom(-times * flat.h)])
  return Math.max(...heights)
}

/** A derivative with the range of right values where there is a kink. */
export interface Found extends Estimate {
  /** True if every step has a kink in it, however short. */
  readonly bent: boolean
  /** The slopes on either side of a kink, the smaller first; without a kink the derivative twice. */
  readonly sides: readonly [number, number]
}

/**
 * The derivative at 0, from steps of at most a quarter of `first` down to below `least` and to where rounding hides
 * everything: the step whose estimate seems most exact decides, so that a kink or a pole beside 0 does no harm.
 * Undefined where the function is not finite on both sides.
 */
export const derivativeOf = (curve: Curve, first: number, least: number): Found | undefined => {
  const all = ladder(curve, first, least)
  const height = stairs(curve, all)
  // Steps over which such a staircase does not change give no information.
  const telling = (steps: readonly Step[]): readonly Step[] =>
    height > 0 ? steps.filter((step) => !isFlat(step)) : steps
  const smoothest = bestOf(telling(all))
  if (smoothest === undefined) return undefined
  const rough = Math.max(height, roughness(curve, smoothest.h * 2 ** -4))
  const best = bestOf(telling(ladder(curve, first, least, rough))) ?? smoothest
  const bent = best.shape > 4 * best.rounding && 4 * best.shape > 1e-3 * Math.abs(best.value)
  const { value } = curve
  // Values beside 0 are used, even at a jump.
  const sides = bent
    ? [(value(-best.h) - value(-2 * best.h)) / best.h, (value(2 * best.h) - value(best.h)) / best.h]
    : [best.value, best.value]
  return { ...best, bent, sides: [Math.min(...sides), Math.max(...sides)] }
}
