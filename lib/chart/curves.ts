import { checkOptions } from '../error/options.ts'
import type { History } from '../train/history.ts'
import { chartPicture } from './chart.ts'
import { checkTexts } from './check.ts'
import { type HistoryOptions, measured, panelsOf } from './history.ts'
import { type Picture, svgFile } from './svg.ts'

export interface CurveOptions extends HistoryOptions {
  readonly title?: string | undefined
}

/** Describes the last number of a column, rounded for a reader. */
const ended = (history: History, name: string): readonly string[] => {
  const last = history[name]?.at(-1)
  return last === undefined ? [] : [`${name} ends at ${Number(last.toPrecision(4))}`]
}

export const curvesPicture = (op: string, history: History, options: CurveOptions = {}): Picture => {
  const { title = 'Training curves', columns, ...others } = options
  const panels = panelsOf(op, history, { columns, ...others })
  const told = (columns ?? measured(history)).flatMap((name) => [
    ...ended(history, name),
    ...ended(history, `validation.${name}`),
  ])
  return chartPicture(panels, {
    title,
    description: told.length === 0 ? 'No epoch is over yet.' : `${told.join('; ')}.`,
  })
}

/**
 * Draws the curves of a history as the text of an SVG file: a panel for each column, with the values on the validation
 * part (the prefix `validation.`) as a second line in the panel of the column they validate. Numbers that are not
 * finite are gaps. The loss has a logarithmic axis if it falls by a factor of 100 or more, unless `log` says otherwise.
 *
 * @example
 * import { curves } from 'pullback/chart'
 * const history = { epoch: [1, 2], loss: [0.9, 0.4], 'validation.loss': [1, 0.6] }
 * curves(history).includes('<desc>loss ends at 0.4; validation.loss ends at 0.6.</desc>') // => true
 */
export const curves = (history: History, options: CurveOptions = {}): string => {
  checkOptions('curves', options, ['title', 'columns', 'by', 'log'])
  checkTexts('curves', options, ['title', 'by'])
  return svgFile(curvesPicture('curves', history, options))
}
