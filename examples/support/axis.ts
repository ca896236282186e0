// The axes of charts: from numbers to places, and where the ticks are.

export interface Axis {
  readonly label: string
  /** Powers of ten at equal distances; what is not positive lies at the lower end. */
  readonly log?: boolean
  /** The ends, if not those of the numbers. What lies beyond is drawn at the end. */
  readonly from?: number
  readonly to?: number
}

export interface Scale {
  /** The share of the way along the axis, from 0 to 1. */
  readonly place: (value: number) => number
  readonly ticks: readonly { readonly place: number; readonly text: string }[]
}

const minus = (text: string): string => text.replace('-', '−')
const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹'
const power = (exponent: number): string =>
  `10${exponent < 0 ? '⁻' : ''}${[...`${Math.abs(exponent)}`].map((digit) => superscripts[Number(digit)]).join('')}`

/** A number as short as it can be said: 0.25, −1, 6e4. */
export const short = (value: number): string => {
  const size = Math.abs(value)
  const plain = value === 0 || (size >= 1e-3 && size < 1e4)
  return minus(
    plain ? `${Number(value.toPrecision(3))}` : value.toExponential(1).replace('.0e', 'e').replace('e+', 'e'),
  )
}

/** Some five steps make up a length, each of 1, 2 or 5 times a power of ten. */
const stepOf = (length: number): number => {
  const unit = 10 ** Math.floor(Math.log10(length / 5))
  return unit * ([1, 2, 5, 10].find((n) => length / (n * unit) <= 6) as number)
}

/** Multiples of a step, the first not above the least number and the last not below the largest. */
const marks = (least: number, most: number, step: number): readonly number[] => {
  const first = Math.floor(least / step + 1e-9)
  const last = Math.max(Math.ceil(most / step - 1e-9), first + 1)
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step)
}

/** The same for the logarithms of numbers: powers of ten, or where these are too few, 1, 2 and 5 times these. */
const logMarks = (least: number, most: number): readonly number[] => {
  if (most - least >= 2) return marks(least, most, Math.max(1, Math.ceil(stepOf(most - least))))
  const all = marks(least, most, 1).flatMap((at) => [at, at + Math.log10(2), at + Math.log10(5)])
  return all.filter((_, i) => (all[i + 1] ?? most) > least && (all[i - 1] ?? least) < most)
}

/** What makes an axis of numbers: it begins and ends at ticks, unless told where. */
export const scaleOf = ({ label, log = false, from, to }: Axis, values: readonly number[]): Scale => {
  const read = (value: number): number => (log ? Math.log10(Math.max(value, 1e-300)) : value)
  const inside = values.filter((v) => Number.isFinite(v) && (!log || v > 0)).map(read)
  if (inside.length === 0) throw new Error(`nothing to draw along '${label}'`)
  const least = from === undefined ? inside.reduce((a, b) => Math.min(a, b)) : read(from)
  const most = to === undefined ? inside.reduce((a, b) => Math.max(a, b)) : read(to)
  const all = log ? logMarks(least, most) : marks(least, most, stepOf(most - least || 1))
  const low = from === undefined ? (all[0] as number) : least
  const high = to === undefined ? (all.at(-1) as number) : most
  const place = (at: number): number => Math.min(1, Math.max(0, (at - low) / (high - low)))
  const text = (at: number): string => (log && most - least >= 2 ? power(Math.round(at)) : short(log ? 10 ** at : at))
  return {
    place: (value) => place(read(value)),
    ticks: all.filter((at) => at > low - 1e-9 && at < high + 1e-9).map((at) => ({ place: place(at), text: text(at) })),
  }
}
