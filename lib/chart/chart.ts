import { checkOptions } from '../error/options.ts'
import { checkCounts, checkPanels, checkTexts } from './check.ts'
import { quiet } from './color.ts'
import type { Panel, Point } from './figure.ts'
import { drawing, pen, size } from './panel.ts'
import { type Picture, shortened, svgFile, words } from './svg.ts'

export interface ChartOptions {
  /** The description for screen readers; by default the titles of the panels. */
  readonly title?: string | undefined
  readonly description?: string | undefined
  /** The number of panels in a row; 2 by default. */
  readonly columns?: number | undefined
}

/** The names of the lines in all panels, each once. */
const namesOf = (panels: readonly Panel[]): readonly string[] => [
  ...new Set(panels.flatMap(({ series = [] }) => series.map(({ name }) => name))),
]

const isPlaced = (point: Point | undefined): boolean => point?.every(Number.isFinite) ?? false

/** True if a name stands for dots: points alone between gaps. */
const isDotted = (panels: readonly Panel[], name: string): boolean =>
  panels
    .flatMap(({ series = [] }) => series.filter((one) => one.name === name))
    .every(({ points }) => !points.some((point, i) => isPlaced(point) && isPlaced(points[i + 1])))

/** Each name behind a piece of its line, or behind its dot. */
const legend = (
  panels: readonly Panel[],
  names: readonly string[],
  width: number,
  top: number,
): readonly [height: number, body: readonly string[]] => {
  const told = names.map((name) => shortened(name, 40))
  const entry = 54 + 7 * Math.max(0, ...told.map((name) => name.length))
  const across = Math.max(1, Math.floor((width - 48) / entry))
  const body = told.map((name, i) => {
    const [x, y] = [48 + (i % across) * entry, top + 14 + 20 * Math.floor(i / across)]
    const mark = isDotted(panels, names[i] as string)
      ? `<path stroke-width="7" stroke-linecap="round" ${pen(i)} d="M${x + 13} ${y - 4}h0"/>`
      : `<path stroke-width="1.8" ${pen(i)} d="M${x} ${y - 4}h26"/>`
    return name === '' ? '' : `${mark}${words(x + 34, y, name)}`
  })
  return [told.every((name) => name === '') ? 0 : 20 * Math.ceil(told.length / across) + 10, body]
}

/** Arranges panels in rows, as a picture. */
export const chartPicture = (panels: readonly Panel[], options: ChartOptions = {}): Picture => {
  const titles = panels.map(({ title }) => title).join('; ')
  const {
    title = titles,
    description = `${panels.length === 1 ? 'A chart' : 'Charts'}: ${titles}`,
    columns = 2,
  } = options
  const names = namesOf(panels)
  const across = Math.max(1, Math.min(columns, panels.length))
  const [width, top] = [across * size.width, Math.max(1, Math.ceil(panels.length / across)) * size.height]
  const [below, entries] = legend(panels, names, width, top)
  const body = panels.map((panel, i) => {
    const [x, y] = [(i % across) * size.width, Math.floor(i / across) * size.height]
    return `<g transform="translate(${x} ${y})">\n${drawing(panel, names)}\n</g>`
  })
  const none = panels.length === 0 ? [words(width / 2, top / 2, 'nothing to draw', 'middle', quiet)] : []
  return {
    title,
    description,
    width,
    height: top + below,
    body: [...body, ...none, ...entries.filter((entry) => entry !== '')].join('\n'),
  }
}

/**
 * Draws panels with axes in rows and returns the text of an SVG file, with one legend for all of them. Numbers that are
 * not finite are gaps in their line. The file needs no script and loads nothing, and follows the reader's choice of
 * light or dark.
 *
 * @example
 * import { chart } from 'pullback/chart'
 * const points = [[0, 1], [1, 0.1], [2, 0.01]] as const
 * const [x, y] = [{ label: 'step' }, { label: 'loss', log: true }]
 * const text = chart([{ title: 'descent', x, y, series: [{ name: 'sgd', points }] }])
 * text.startsWith('<svg xmlns=') // => true
 */
export const chart = (panels: readonly Panel[], options: ChartOptions = {}): string => {
  checkPanels('chart', panels)
  checkOptions('chart', options, ['title', 'description', 'columns'])
  checkTexts('chart', options, ['title', 'description'])
  checkCounts('chart', options, ['columns'])
  return svgFile(chartPicture(panels, options))
}
