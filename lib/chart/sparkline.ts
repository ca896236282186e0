import { checkOptions } from '../error/options.ts'
import { StructureError } from '../error/tensorError.ts'
import { describe } from '../tensor/data.ts'
import { checkCounts, isNumbers } from './check.ts'

export interface SparklineOptions {
  /** The largest number of letters, 24 by default; a longer series is drawn as the means of that many parts. */
  readonly width?: number | undefined
  /** The numbers of the lowest and the highest bar; by default the least and the largest of the series. */
  readonly from?: number | undefined
  readonly to?: number | undefined
}

const bars = '▁▂▃▄▅▆▇█'

/** The means of the parts of a series, one part for each letter. */
const partMeans = (series: ArrayLike<number>, width: number): readonly number[] => {
  const parts = Math.min(width, series.length)
  return Array.from({ length: parts }, (_, i) => {
    const [from, to] = [i, i + 1].map((n) => Math.floor((n * series.length) / parts)) as [number, number]
    let sum = 0
    for (let n = from; n < to; n += 1) sum += series[n] as number
    return sum / (to - from)
  })
}

/**
 * Draws a series as bars on one line, from its least to its largest number. A part with a number that is not finite is
 * a blank, and a series without finite numbers is all blanks.
 *
 * @example
 * import { sparkline } from 'pullback/chart'
 * sparkline([5, 3, 2, 1, 1]) // => '█▅▃▁▁'
 * sparkline([1, NaN, 2]) // => '▁ █'
 */
export const sparkline = (series: ArrayLike<number>, options: SparklineOptions = {}): string => {
  checkOptions('sparkline', options, ['width', 'from', 'to'])
  checkCounts('sparkline', options, ['width'])
  if (!isNumbers(series)) throw new StructureError({ op: 'sparkline', expected: 'numbers', actual: describe(series) })
  const means = partMeans(series, options.width ?? 24)
  const finite = means.filter(Number.isFinite)
  const { from = Math.min(...finite), to = Math.max(...finite) } = options
  const heightOf = (mean: number): number => Math.min(1, Math.max(0, (mean - from) / (to - from || 1)))
  return means.map((m) => (Number.isFinite(m) ? bars[Math.round(heightOf(m) * (bars.length - 1))] : ' ')).join('')
}
