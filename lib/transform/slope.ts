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
  readonly pass: boolean
}

const epsilon = 2 ** -52

/**
 * Compares a claimed derivative at 0 with differences of `f`. `scale` is the size of the numbers that the argument moves.
 *
 * First a plain central difference. If that disagrees, or rounding hides too much, Richardson extrapolation from larger steps
 * (Ridders 1982), which is far more exact for smooth functions. If that disagrees too, the second differences tell whether
 * a kink lies within the step; then a step short of the kink decides, and at the kink itself any value between the one-sided
 * derivatives is right.
 */
export const compareSlope = (f: Along, claimed: number, scale: number, tolerance: number): Comparison => {
  const [centre, size] = f(0)
  const memo = new Map<number, readonly [number, number, number]>()
  /** f(h), f(−h), and the error that rounding may make in a difference over h. */
  const around = (h: number): readonly [number, number, number] => {
    const known = memo.get(h)
    if (known !== undefined) return known
    const [[up, a], [down, b]] = [f(h), f(-h)]
    const found = [up, down, (8 * epsilon * Math.max(a, b, size)) / h] as const
    memo.set(h, found)
    return found
  }
  const central = (h: number): number => {
    const [up, down] = around(h)
    return (up - down) / (2 * h)
  }
  const noise = (h: number): number => around(h)[2]
  const allowed = (numeric: number, uncertain: number): number =>
    tolerance * Math.max(Math.abs(claimed), Math.abs(numeric)) + uncertain
  const result = (numeric: number, uncertain: number, kink: boolean): Comparison => {
    const limit = allowed(numeric, uncertain)
    const difference = Math.abs(claimed - numeric)
    return { numeric, error: difference === 0 ? 0 : (tolerance * difference) / limit, kink, pass: difference <= limit }
  }

  const near = scale * 6e-6
  const plain = result(central(near), noise(near), false)
  if (plain.pass && (plain.error === 0 || noise(near) <= 1e-4 * Math.abs(claimed))) return plain

  const [smooth, uncertain] = extrapolate(central, noise, scale)
  const fine = result(smooth, uncertain, false)
  if (fine.pass && uncertain <= 1e-3 * Math.max(Math.abs(smooth), noise(near))) return fine

  const bend = (h: number): number => {
    const [up, down] = around(h)
    return (up - 2 * centre + down) / h
  }
  const steps = [1e-3, 1e-4, 1e-5, 1e-6, 1e-7].map((h) => h * scale)
  const bent = steps.some((h) => Math.abs(bend(h) - 2 * bend(h / 2)) > 16 * noise(h / 2) + tolerance * Math.abs(smooth))
  if (!bent) return fine.error < plain.error ? fine : plain
  const short = steps.find((h) => h <= near && Math.abs(bend(h)) <= 16 * noise(h) + tolerance * Math.abs(claimed))
  if (short !== undefined) return result(central(short), 4 * noise(short), true)
  const last = steps[steps.length - 1] as number
  const [up, down, hidden] = around(last)
  const sides = [(up - centre) / last, (centre - down) / last] as const
  const nearest = Math.min(Math.max(claimed, Math.min(...sides)), Math.max(...sides))
  return result(nearest, 4 * hidden, true)
}

/** Ridders' table: central differences over halved steps, extrapolated to step 0; the entry that seems most exact, and its error. */
const extrapolate = (
  central: (h: number) => number,
  noise: (h: number) => number,
  scale: number,
): readonly [number, number] => {
  let best: readonly [number, number] = [Number.NaN, Number.POSITIVE_INFINITY]
  let above: readonly number[] = []
  for (let level = 0, h = scale / 32; level < 10; level++, h /= 2) {
    const row = [central(h)]
    if (!Number.isFinite(row[0])) {
      above = []
      continue
    }
    for (let j = 1; j <= above.length; j++) {
      const [left, up] = [row[j - 1] as number, above[j - 1] as number]
      const value = left + (left - up) / (4 ** j - 1)
      const error = Math.max(Math.abs(value - left), Math.abs(value - up)) + noise(h)
      if (error < best[1]) best = [value, error]
      row.push(value)
    }
    above = row
  }
  return best
}
