import { bin } from 'd3-array'
import { scaleLinear } from 'd3-scale'
import { checkOptions } from '../error/options.ts'
import { StructureError } from '../error/tensorError.ts'
import { describe } from '../tensor/data.ts'
import { toArray } from '../tensor/to.ts'
import { isTensor } from '../tensor/view.ts'
import { thousands } from '../text/table.ts'
import { entries, type Tree } from '../tree/tree.ts'
import { chartPicture } from './chart.ts'
import { checkCounts, checkTexts, isNumbers } from './check.ts'
import type { Bar, Panel } from './figure.ts'
import { endsOf } from './scale.ts'
import { type Picture, svgFile } from './svg.ts'

export interface HistogramOptions {
  readonly title?: string | undefined
  /** The approximate number of columns; by default 2 ∛n for n numbers, but between 5 and 30. */
  readonly bins?: number | undefined
}

/** Numbers, a tensor, or a record of tensors such as parameters or gradients. */
export type Values = ArrayLike<number> | Tree

export interface Distribution {
  readonly name: string
  readonly size: number
  /** The count of numbers that are NaN or infinite, and thus in no column. */
  readonly notFinite: number
  readonly bars: readonly Bar[]
}

const distribution = (name: string, values: readonly number[], wanted: number | undefined): Distribution => {
  const finite = values.filter(Number.isFinite)
  const counts = { name, size: values.length, notFinite: values.length - finite.length }
  if (finite.length === 0) return { ...counts, bars: [] }
  const bins = wanted ?? Math.max(5, Math.min(30, Math.ceil(2 * Math.cbrt(finite.length))))
  const scale = scaleLinear()
    .domain(endsOf({ label: name }, finite))
    .nice(bins)
  const [low, high] = scale.domain() as [number, number]
  const inner = scale.ticks(bins).filter((v) => v > low && v < high)
  const within = finite.map((v) => Math.min(high, Math.max(low, v))) // an axis ends at 1e300
  const parts = bin().domain([low, high]).thresholds(inner)(within)
  return { ...counts, bars: parts.map((part) => ({ from: part.x0 ?? low, to: part.x1 ?? high, height: part.length })) }
}

/** The distribution of the numbers of a list or a tensor, or of each tensor of a record. */
export const distributions = (op: string, values: Values, options: HistogramOptions): readonly Distribution[] => {
  const { bins, title = 'values' } = options
  checkCounts(op, options, ['bins'])
  if (isNumbers(values)) return [distribution(title, Array.from(values), bins)]
  if (typeof values !== 'object' || values === null)
    throw new StructureError({ op, expected: 'numbers, a tensor, or a record of tensors', actual: describe(values) })
  return entries(values as Tree, op).map(([path, t]) =>
    distribution(isTensor(values) ? title : path.join('.'), toArray(t), bins),
  )
}

const panelOf = ({ name, size, notFinite, bars }: Distribution): Panel => ({
  title: `${name} (${thousands(size)}${notFinite === 0 ? '' : `, of which ${thousands(notFinite)} not finite`})`,
  x: { label: 'value', from: bars[0]?.from, to: bars.at(-1)?.to },
  y: { label: 'count', from: 0, whole: true, nice: true },
  bars,
})

export const histogramOf = (op: string, values: Values, options: HistogramOptions = {}): Picture => {
  const all = distributions(op, values, options)
  const title = options.title ?? (isNumbers(values) || isTensor(values) ? 'Histogram' : 'Histograms')
  const told = all.map(
    ({ name, size, notFinite }) => `${name}: ${size} numbers${notFinite === 0 ? '' : `, ${notFinite} not finite`}`,
  )
  return chartPicture(all.map(panelOf), { title, description: `${told.join('; ')}.` })
}

/**
 * Draws histograms as the text of an SVG file: of numbers, of a tensor, or of every tensor of a record, such as the
 * parameters of a network, in a panel each. Numbers that are not finite are in no column; the title states their count.
 *
 * @example
 * import { init, key, linear } from 'pullback'
 * import { histogram } from 'pullback/chart'
 * const { params } = init(linear(784, 10), key(0))
 * histogram(params).includes('>W (7,840)</text>') // => true
 */
export const histogram = (values: Values, options: HistogramOptions = {}): string => {
  checkOptions('histogram', options, ['title', 'bins'])
  checkTexts('histogram', options, ['title'])
  return svgFile(histogramOf('histogram', values, options))
}
