import { extent } from 'd3-array'
import { checkOptions } from '../error/options.ts'
import { StructureError } from '../error/tensorError.ts'
import type { AnyLayer } from '../layer/layer.ts'
import { summary } from '../layer/summary.ts'
import { describe } from '../tensor/data.ts'
import { showTensor } from '../tensor/show.ts'
import { isTensor } from '../tensor/view.ts'
import { thousands } from '../text/table.ts'
import type { History } from '../train/history.ts'
import type { Tree } from '../tree/tree.ts'
import type { Port } from '../type/port.ts'
import { checkHistory, checkTexts } from './check.ts'
import { type Confusion, confusionOf } from './confusion.ts'
import { curvesPicture } from './curves.ts'
import { histogramOf } from './histogram.ts'
import { places } from './history.ts'
import { page, section, tableOf } from './page.ts'
import { numberText } from './scale.ts'
import { escaped, svgWithin } from './svg.ts'

export interface ReportOptions {
  readonly title?: string | undefined
  /** A paragraph under the title. */
  readonly about?: string | undefined
  readonly history?: History | undefined
  /** The network, for its summary, and the shape of its input if it accepts any. */
  readonly network?: AnyLayer | undefined
  readonly input?: Port | undefined
  /** The confusion matrix on the validation part, and the names of its classes. */
  readonly confusion?: Confusion | undefined
  readonly labels?: readonly string[] | undefined
  /** The parameters whose histograms are drawn. */
  readonly params?: Tree | undefined
  /** The configuration of the run: a record of texts, numbers, lists and records. */
  readonly configuration?: object | undefined
  readonly versions?: object | undefined
  readonly seeds?: object | undefined
}

const names = [
  'title',
  'about',
  'history',
  'network',
  'input',
  'confusion',
  'labels',
  'params',
  'configuration',
  'versions',
  'seeds',
]

const toldOf = (value: unknown): string => {
  if (isTensor(value)) return showTensor.show(value)
  if (typeof value === 'number') return `${value}`
  if (value instanceof Date && Number.isFinite(value.getTime())) return value.toISOString()
  if (Array.isArray(value)) return value.map(toldOf).join(', ')
  return typeof value === 'function' ? value.name || 'a function' : String(value)
}

/** Flattens nested records to rows with dotted names. */
const rowsOf = (
  value: unknown,
  path: readonly string[],
  around: readonly object[] = [],
): readonly (readonly string[])[] => {
  const isRecord = typeof value === 'object' && value !== null && !isTensor(value)
  const isPlain = Array.isArray(value) ? value.some((v) => typeof v === 'object') : isRecord && !(value instanceof Date)
  if (!isPlain || (isRecord && around.includes(value)))
    return [[path.join('.'), isPlain ? 'a record around it' : toldOf(value)]]
  return Object.entries(value as object).flatMap(([name, v]) =>
    rowsOf(v, [...path, name], [...around, value as object]),
  )
}

/** The length of a run, and the first, last, least and largest values of its columns. */
const outcome = (history: History): string => {
  const length = places.flatMap((name) => {
    const last = history[name]?.at(-1)
    return last === undefined ? [] : [`${name} ${Number.isInteger(last) ? thousands(last) : numberText(last)}`]
  })
  const rows = Object.entries(history).flatMap(([name, column]) => {
    if (places.includes(name) || column.length === 0) return []
    const [least, largest] = extent(Array.from(column).filter(Number.isFinite))
    const told = (v = Number.NaN): string => {
      const i = Array.from(column).indexOf(v)
      return i < 0 ? '–' : `${numberText(column[i] as number, 4)} (epoch ${history.epoch?.[i] ?? i + 1})`
    }
    return [
      [name, numberText(column[0] as number, 4), numberText(column.at(-1) as number, 4), told(least), told(largest)],
    ]
  })
  return `<p>At the end: ${length.length === 0 ? 'no epoch is over' : length.join(', ')}.</p>\n${tableOf(['column', 'first', 'last', 'least', 'largest'], rows, [1, 2, 3, 4])}`
}

/**
 * The columns as a table, for readers who want the numbers or cannot see the curves; a long run is shown at some of its
 * epochs.
 */
const numbers = (history: History): string => {
  const columns = Object.entries(history)
  const length = columns.reduce((most, [, column]) => Math.max(most, column.length), 0)
  const every = Math.ceil(length / 500)
  const rows = Array.from({ length }, (_, i) => i)
    .filter((i) => i % every === 0 || i === length - 1)
    .map((i) => columns.map(([, column]) => (i < column.length ? numberText(column[i] as number, 5) : '')))
  const heading = columns.map(([name]) => name)
  const told = every > 1 ? `The numbers, every ${every} epochs` : 'The numbers, epoch by epoch'
  return `<details><summary>${told}</summary>\n${tableOf(heading, rows, [...heading.keys()])}\n</details>`
}

const recordSection = (op: string, heading: string, record: object | undefined): readonly string[] => {
  if (record === undefined) return []
  if (typeof record !== 'object' || record === null || Array.isArray(record))
    throw new StructureError({ op, expected: `a record of ${heading.toLowerCase()}`, actual: describe(record) })
  return [section(heading, tableOf(['name', 'value'], rowsOf(record, [])))]
}

/**
 * A run on one page: the text of an HTML file that can be opened from disk, with no script, loading nothing, in light
 * and dark. It has a part for everything that is given: the first and last values of the history, its curves and
 * numbers, the confusion matrix, the network's summary, histograms of its parameters, the configuration, versions and
 * seeds. The same parts give exactly the same text.
 *
 * @example
 * import { compose, linear, named, relu } from 'pullback'
 * import { report } from 'pullback/chart'
 * const html = report({
 *   title: 'Flowers',
 *   history: { epoch: [1, 2], loss: [0.9, 0.4], 'validation.loss': [1, 0.6] },
 *   network: compose(named('L1', linear(4, 8)), relu, named('L2', linear(8, 3))),
 *   configuration: { optimizer: 'adam', rate: 1e-3 },
 *   seeds: { initial: 0 },
 * })
 * html.startsWith('<!doctype html>') // => true
 */
export const report = (options: ReportOptions): string => {
  checkOptions('report', options, names)
  const { title = 'Training report', about, history, network, input, confusion, labels, params } = options
  const { configuration, versions, seeds } = options
  checkTexts('report', options, ['title', 'about'])
  if (history !== undefined) checkHistory('report', history)
  const picture = (parts: Parameters<typeof svgWithin>[0]): string => `<div class="wide">${svgWithin(parts)}</div>`
  const ofHistory = (h: History): readonly string[] => [
    section('Outcome', outcome(h)),
    section('Curves', `${picture(curvesPicture('report', h))}\n${numbers(h)}`),
  ]
  const below = about === undefined ? '' : `\n<p class="about">${escaped(about)}</p>`
  const parts = [
    `<header>\n<h1>${escaped(title)}</h1>${below}\n</header>`,
    ...(history === undefined ? [] : ofHistory(history)),
    ...(confusion === undefined
      ? []
      : [
          section(
            'Confusion matrix',
            picture(confusionOf('report', confusion, { labels, title: 'What each class was taken for' })),
          ),
        ]),
    ...(network === undefined
      ? []
      : [section('Network', `<div class="wide"><pre>${escaped(summary(network, input))}</pre></div>`)]),
    ...(params === undefined ? [] : [section('Parameters', picture(histogramOf('report', params)))]),
    ...recordSection('report', 'Configuration', configuration),
    ...recordSection('report', 'Versions', versions),
    ...recordSection('report', 'Seeds', seeds),
  ]
  return page(title, `<main>\n${parts.join('\n')}\n</main>`)
}
