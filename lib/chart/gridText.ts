import { checkOptions } from '../error/options.ts'
import { table, thousands } from '../text/table.ts'
import { checkCounts, checkTexts, countsOf, labelsOf } from './check.ts'
import type { Confusion } from './confusion.ts'
import { distributions, type HistogramOptions, type Values } from './histogram.ts'
import { numberText } from './scale.ts'
import { oneLine, shortened } from './svg.ts'

/** The number of classes that fit on a line of a terminal. */
const most = 25
const told = (label: string): string => shortened(oneLine(label), 20)

/** The commonest mistakes as a table, for matrices with too many classes for a grid. */
const mistakes = (counts: readonly (readonly number[])[], names: readonly string[]): string => {
  const all = counts.flatMap((row, i) => row.flatMap((n, j) => (i === j || n === 0 ? [] : [[i, j, n] as const])))
  const first = all.sort((a, b) => b[2] - a[2]).slice(0, 20)
  const rows = first.map(([i, j, n]) => [names[i] as string, names[j] as string, thousands(n)])
  const rest = all.length > first.length ? `\nand ${thousands(all.length - first.length)} other pairs` : ''
  return `${table(['class', 'taken for', 'times'], rows, [2])}${rest}`
}

/**
 * Draws a confusion matrix in letters: rows are the classes, columns the predictions. Zeros are dots, so that the other
 * counts stand out. With more than 25 classes it lists the commonest mistakes.
 *
 * @example
 * import { confusionText } from 'pullback/chart'
 * confusionText([[8, 2], [0, 5]], { labels: ['cat', 'dog'] }) // => '     cat  dog\ncat    8    2\ndog    ·    5'
 */
export const confusionText = (
  matrix: Confusion,
  options: { readonly labels?: readonly string[] | undefined } = {},
): string => {
  checkOptions('confusionText', options, ['labels'])
  const counts = countsOf('confusionText', matrix)
  const names = labelsOf('confusionText', options.labels, counts.length).map(told)
  if (counts.length > most) return mistakes(counts, names)
  const heads = names.map((name) => shortened(name, 12))
  const width = Math.max(0, ...heads.map((name) => name.length), ...counts.flat().map((n) => `${n}`.length)) + 2
  const left = Math.max(0, ...names.map((name) => name.length))
  const line = (head: string, cells: readonly string[]): string =>
    head.padEnd(left) + cells.map((cell) => cell.padStart(width)).join('')
  return [
    line('', heads),
    ...counts.map((row, i) =>
      line(
        names[i] as string,
        row.map((n) => (n === 0 ? '·' : `${n}`)),
      ),
    ),
  ].join('\n')
}

const eighths = '▏▎▍▌▋▊▉█'
const bar = (share: number, width: number): string => {
  const parts = Math.round(share * width * 8)
  return '█'.repeat(Math.floor(parts / 8)) + (parts % 8 === 0 ? '' : (eighths[(parts % 8) - 1] as string))
}

/**
 * Draws histograms in letters, of the same data as `histogram`: a line for each column with its lower end, bar and
 * count.
 *
 * @example
 * import { histogramText } from 'pullback/chart'
 * histogramText([1, 1, 2], { bins: 2, title: 'grades' }).split('\n')[0] // => 'grades: 3 numbers'
 */
export const histogramText = (
  values: Values,
  options: HistogramOptions & { readonly width?: number | undefined } = {},
): string => {
  checkOptions('histogramText', options, ['title', 'bins', 'width'])
  checkTexts('histogramText', options, ['title'])
  checkCounts('histogramText', options, ['width'])
  const { width = 40, bins = 12, ...others } = options
  const all = distributions('histogramText', values, { ...others, bins })
  return all
    .map(({ name, size, notFinite, bars }) => {
      const largest = Math.max(1, ...bars.map(({ height }) => height))
      const froms = bars.map(({ from }) => numberText(from))
      const left = Math.max(0, ...froms.map((text) => text.length))
      const unusual = notFinite === 0 ? '' : `, ${thousands(notFinite)} not finite`
      const heading = `${oneLine(name)}: ${thousands(size)} numbers${unusual}`
      const lines = bars.map(
        ({ height }, i) =>
          `${(froms[i] as string).padStart(left)} ┤${bar(height / largest, width)} ${thousands(height)}`,
      )
      return [heading, ...lines].join('\n')
    })
    .join('\n\n')
}
