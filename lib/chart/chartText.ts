import { checkOptions } from '../error/options.ts'
import type { History } from '../train/history.ts'
import { checkCounts, checkPanels, checkTexts } from './check.ts'
import type { Panel, Series } from './figure.ts'
import { type HistoryOptions, panelsOf } from './history.ts'
import { isSeen, numbersOf } from './panel.ts'
import { type Scale, scaleOf } from './scale.ts'
import { oneLine } from './svg.ts'

export interface TextOptions {
  /** The letters per line and the lines of the plot, without its surroundings; 60 and 10 by default. */
  readonly width?: number | undefined
  readonly height?: number | undefined
}

/** The marks of the lines, in order; the first is drawn as a continuous line. */
const marks = ['─', '•', '×', '+', '○', '▪']

/**
 * The height of a line at each letter: the mean of the points there, or between two points their interpolation.
 */
const heights = (points: Series['points'], x: Scale, y: Scale, width: number): readonly number[] => {
  const sums = new Array<number>(width).fill(0)
  const counts = new Array<number>(width).fill(0)
  const placed = points.map(([a, b]) => [Math.round(x.place(a)), y.place(b)] as const)
  for (const [at, height] of placed)
    if (Number.isFinite(at + height)) {
      sums[at] = (sums[at] as number) + height
      counts[at] = (counts[at] as number) + 1
    }
  const means = sums.map((sum, i) => sum / (counts[i] as number))
  for (const [i, [to, b]] of placed.entries()) {
    const [from, a] = placed[i - 1] ?? [Number.NaN, Number.NaN]
    if (!Number.isFinite(a + b)) continue
    for (let at = from + 1; at < to; at += 1)
      if (counts[at] === 0) means[at] = a + ((b - a) * (at - from)) / (to - from)
  }
  return means
}

/** Draws a line into rows of letters, the lowest row first. */
const draw = (rows: readonly string[][], levels: readonly number[], mark: string): void => {
  const put = (row: number, at: number, letter: string): void => {
    const line = rows[row]
    if (line !== undefined) line[at] = letter
  }
  for (const [at, level] of levels.entries()) {
    const [now, next] = [Math.round(level), Math.round(levels[at + 1] ?? level)]
    if (Number.isNaN(now)) continue
    if (mark !== marks[0] || Number.isNaN(next) || now === next) put(now, at, mark)
    else {
      const up = next > now
      for (let row = Math.min(now, next) + 1; row < Math.max(now, next); row += 1) put(row, at, '│')
      put(now, at, up ? '╯' : '╮')
      put(next, at, up ? '╭' : '╰')
    }
  }
}

const panelText = (panel: Panel, width: number, height: number): string => {
  const { series = [], title } = panel
  const seen = isSeen(panel)
  const heading = oneLine(title)
  if (!series.some(({ points }) => points.some(seen))) return `${heading}\n(no numbers to draw)`
  const x = scaleOf(panel.x, numbersOf(panel, 0, seen), [0, width - 1], 8)
  const y = scaleOf(panel.y, numbersOf(panel, 1, seen), [0, height - 1], 2.5)
  const rows = Array.from({ length: height }, () => new Array<string>(width).fill(' '))
  for (const [i, { points }] of [...series.entries()].reverse())
    draw(rows, heights(points, x, y, width), marks[i % marks.length] as string)
  const ticks = new Map(y.ticks.map(({ at, text }) => [Math.round(at), text]))
  const left = Math.max(...y.ticks.map(({ text }) => text.length), 1)
  const lines = rows.map((row, i) => {
    const tick = ticks.get(i)
    return `${(tick ?? '').padStart(left)} ${tick === undefined ? '│' : '┤'}${row.join('')}`.trimEnd()
  })
  const below = new Array<string>(width + 8).fill(' ')
  let free = 0
  for (const { at, text } of x.ticks) {
    const from = Math.max(0, Math.round(at) - Math.floor(text.length / 2))
    if (from < free || from + text.length > below.length) continue
    for (const [i, letter] of [...text].entries()) below[from + i] = letter
    free = from + text.length + 1
  }
  const names = series.map(({ name }, i) => `${marks[i % marks.length]} ${oneLine(name)}`)
  const named = series.some(({ name }) => name !== '')
  const margin = ' '.repeat(left + 2)
  return [
    heading,
    ...lines.reverse(),
    `${' '.repeat(left)} └${'─'.repeat(width)}`,
    `${margin}${below.join('')}`.trimEnd(),
    `${margin}${oneLine(panel.x.label)}${named ? `    ${names.join('   ')}` : ''}`,
  ].join('\n')
}

const textOf = (panels: readonly Panel[], { width = 60, height = 10 }: TextOptions): string =>
  panels.map((panel) => panelText(panel, Math.max(2, width), Math.max(2, height))).join('\n\n')

/**
 * Draws the lines of panels, like `chart`, in letters for a terminal or a log, one panel below the other. The points of
 * a line go from left to right; the first line of a panel is continuous, the others consist of marks.
 *
 * @example
 * import { chartText } from 'pullback/chart'
 * const points = [[0, 4], [1, 2], [2, 1], [3, 1]] as const
 * const panel = { title: 'loss', x: { label: 'step' }, y: { label: 'loss' }, series: [{ name: 'sgd', points }] }
 * chartText([panel], { width: 7, height: 4 }).split('\n').slice(0, 3) // => ['loss', '4 ┤╮', '  │╰╮']
 */
export const chartText = (panels: readonly Panel[], options: TextOptions = {}): string => {
  checkPanels('chartText', panels)
  checkOptions('chartText', options, ['width', 'height'])
  checkCounts('chartText', options, ['width', 'height'])
  return textOf(panels, options)
}

/**
 * Draws the curves of a history in letters, like `curves`: the training part as a line, the validation part as points.
 *
 * @example
 * import { curvesText } from 'pullback/chart'
 * curvesText({ epoch: [1, 2], loss: [0.9, 0.4] }).split('\n')[0] // => 'loss'
 */
export const curvesText = (history: History, options: HistoryOptions & TextOptions = {}): string => {
  checkOptions('curvesText', options, ['columns', 'by', 'log', 'width', 'height'])
  checkTexts('curvesText', options, ['by'])
  checkCounts('curvesText', options, ['width', 'height'])
  const { width, height, ...chosen } = options
  return textOf(panelsOf('curvesText', history, chosen), { width, height })
}
