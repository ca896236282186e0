// Axes: from numbers to places on a picture, with ticks at round numbers.

export interface Scale {
  /** From 0 at the lower end to 1 at the upper end. */
  readonly place: (value: number) => number
  readonly ticks: readonly number[]
}

/** Powers of ten around all values that are above 0. */
export const logScale = (values: readonly number[]): Scale => {
  const positive = values.filter((value) => value > 0 && Number.isFinite(value))
  const least = positive.reduce((a, b) => Math.min(a, b), 1)
  const most = positive.reduce((a, b) => Math.max(a, b), least)
  const low = Math.floor(Math.log10(least))
  const high = Math.max(low + 1, Math.ceil(Math.log10(most)))
  return {
    place: (value) => (Math.log10(Math.max(value, 10 ** low)) - low) / (high - low),
    ticks: Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i)),
  }
}

/** From 0 to 1, for shares. */
export const shareScale: Scale = { place: (value) => value, ticks: [0, 0.5, 1] }
