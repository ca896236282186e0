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

/** 1, 2 or 5 times a power of ten, so that some five steps make up a length. */
const stepOf = (length: number): number => {
  const unit = 10 ** Math.floor(Math.log10(length / 5))
  return unit * ([1, 2, 5, 10].find((n) => length / (n * unit) <= 6) as number)
}

/** What makes an axis of numbers: the ends are full steps, unless given. */
export const scaleOf = ({ label, log = false, from, to }: Axis, values: readonly number[]): Scale => {
  const read = (value: number): number => (log ? Math.log10(Math.max(value, 1e-300)) : value)
  const finite = values.filter((v) => Number.isFinite(v) && (!log || v > 0)).map(read)
  if (finite.length === 0) throw new Error(`nothing to draw along '${label}'`)
  const [least, most] = [
    from === undefined ? finite.reduce((a, b) => Math.min(a, b)) : read(from),
    to === undefined ? finite.reduce((a, b) => Math.max(a, b)) : read(to),
  ]
  const near = stepOf(most - least || 1)
  const step = log ? Math.max(1, Math.ceil(near)) : near
  const low = from === undefined ? Math.floor(least / step + 1e-9) * step : least
  const high = to === undefined ? Math.max(Math.ceil(most / step - 1e-9) * step, low + step) : most
  const first = Math.ceil(low / step - 1e-9)
  const count = Math.floor(high / step + 1e-9) - first + 1
  const place = (at: number): number => Math.min(1, Math.max(0, (at - low) / (high - low)))
  return {
    place: (value) => place(read(value)),
    ticks: Array.from({ length: count }, (_, i) => (first + i) * step).map((at) => ({
      place: place(at),
      text: log ? power(at) : short(at),
    })),
  }
}
