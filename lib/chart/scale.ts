// The axes of charts: maps numbers to pixels and chooses the ticks.
import { extent } from 'd3-array'
import { scaleLinear, scaleLog } from 'd3-scale'

export interface Axis {
  readonly label: string
  /**
   * Use a logarithmic axis. Numbers that are not positive cannot be drawn on it: they are gaps, unless `from` is given.
   */
  readonly log?: boolean | undefined
  /** The ends of the axis; by default those of the numbers. Numbers beyond an end are drawn at that end. */
  readonly from?: number | undefined
  readonly to?: number | undefined
  /** Use whole numbers only as ticks. */
  readonly whole?: boolean | undefined
  /** Put ticks at the ends. */
  readonly nice?: boolean | undefined
}

export interface Scale {
  /** The position of a value in pixels; NaN if it cannot be drawn on the axis. */
  readonly place: (value: number) => number
  readonly ticks: readonly { readonly at: number; readonly text: string }[]
}

/** The largest number drawn: sums and squares of numbers up to here stay finite. */
const most = 1e300
/** The least number on a logarithmic axis. */
const least = 1e-300

const minus = (text: string): string => text.replace(/-/g, '−')
const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹'
const power = (exponent: number): string =>
  `10${exponent < 0 ? '⁻' : ''}${[...`${Math.abs(exponent)}`].map((digit) => superscripts[Number(digit)]).join('')}`

/**
 * A number as pictures show it: as short as the given number of digits allows.
 *
 * @example
 * import { numberText } from 'pullback/chart'
 * const numbers = [0.25, -1, 12345, 6e7, 0.00002, -Infinity, NaN]
 * numbers.map((n) => numberText(n)) // => ['0.25', '−1', '12300', '6e7', '2e−5', '−∞', 'NaN']
 */
export const numberText = (value: number, digits = 3): string => {
  if (!Number.isFinite(value)) return minus(`${value}`.replace('Infinity', '∞'))
  const rounded = Number(value.toPrecision(digits))
  const size = Math.abs(rounded)
  if (size === 0 || (size >= 1e-3 && size < 10 ** Math.max(5, digits))) return minus(`${rounded}`)
  return minus(rounded.toExponential().replace('e+', 'e'))
}

/** The texts of ticks, with enough digits to distinguish neighbors. */
const distinct = (ticks: readonly number[]): readonly string[] => {
  for (let digits = 3; digits < 17; digits += 1) {
    const texts = ticks.map((v) => numberText(v, digits))
    const close = ticks.every(
      (v, i) => i === 0 || Math.abs(Number(v.toPrecision(digits)) - v) <= 1e-3 * Math.abs(v - (ticks[i - 1] as number)),
    )
    if (close && new Set(texts).size === texts.length) return texts
  }
  return ticks.map((v) => numberText(v, 17))
}

const clamped = (value: number, log: boolean): number => {
  if (log) return Math.min(most, Math.max(least, value))
  return Math.abs(value) < least ? 0 : Math.min(most, Math.max(-most, value))
}

/**
 * The ends of an axis: the given ones, otherwise those of the numbers. A single number gets an interval around it, and
 * an axis without numbers an arbitrary one.
 */
export const endsOf = ({ log = false, from, to }: Axis, values: Iterable<number>): readonly [number, number] => {
  const [low, high] = extent(values)
  const ends = [from ?? low ?? (log ? 1 : 0), to ?? high ?? (log ? 10 : 1)].map((v) => clamped(v, log)) as [
    number,
    number,
  ]
  const [a, b] = ends
  if (b - a > 1e-12 * Math.max(Math.abs(a), Math.abs(b))) return ends // smaller differences are rounding errors
  if (log) return [clamped(a / 2, log), clamped(a * 2, log)]
  const apart = a === 0 ? 1 : Math.abs(a) / 10
  return [clamped(from ?? a - apart, log), clamped(Math.max(from ?? a, a) + apart, log)]
}

/**
 * The ticks of a logarithmic axis: all or every n-th power of ten, and multiples of powers if these are too few.
 */
const logTicks = ([low, high]: readonly [number, number], room: number): readonly (readonly [number, string])[] => {
  const [first, last] = [low, high].map((v) => Math.floor(Math.log10(v))) as [number, number]
  const powers = Array.from({ length: last - first + 1 }, (_, i) => first + i)
  const isInside = (v: number): boolean => v >= low * (1 - 1e-9) && v <= high * (1 + 1e-9)
  const times = (multiples: readonly number[]): readonly number[] =>
    powers.flatMap((p) => multiples.map((n) => Number(`${n}e${p}`))).filter(isInside)
  const whole = times([1])
  if (whole.length > 2) {
    const every = Math.ceil(whole.length / room)
    const chosen = powers.filter((p) => p % every === 0 && isInside(Number(`1e${p}`)))
    return chosen.map((p) => [Number(`1e${p}`), power(p)])
  }
  const all = [times([1, 2, 3, 4, 5, 6, 7, 8, 9]), times([1, 2, 5])].find(({ length }) => length <= 8) ?? whole
  const ticks = all.length > 2 ? all : scaleLinear().domain([low, high]).ticks(4)
  return distinct(ticks).map((text, i) => [ticks[i] as number, text])
}

/** Maps an axis of numbers to a range of pixels, with ticks about the given number of pixels apart. */
export const scaleOf = (
  axis: Axis,
  values: Iterable<number>,
  pixels: readonly [number, number],
  apart: number,
): Scale => {
  const { log = false, from, whole = false, nice = false } = axis
  const length = Math.abs(pixels[1] - pixels[0])
  const count = Math.max(2, Math.round(length / apart))
  const ends = endsOf(axis, values)
  const scale = log ? scaleLog(ends, pixels).clamp(true) : scaleLinear(ends, pixels).clamp(true)
  if (nice && !log) scale.nice(count)
  const plain = (): readonly (readonly [number, string])[] => {
    const all = scale.ticks(count).filter((v) => !whole || Number.isInteger(v))
    return distinct(all).map((text, i) => [all[i] as number, text])
  }
  const ticks = log ? logTicks(ends, count) : plain()
  return {
    place: (value) => {
      if (!Number.isFinite(value) || (log && value <= 0 && from === undefined)) return Number.NaN
      return scale(log ? Math.max(value, least) : value)
    },
    ticks: ticks.map(([value, text]) => ({ at: scale(value), text })),
  }
}
