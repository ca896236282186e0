// The panels of a history: one for each column, which also shows the same column of the validation part.
import { columnOf, type History } from '../train/history.ts'
import { checkHistory } from './check.ts'
import type { Panel, Point } from './figure.ts'

export interface HistoryOptions {
  /** The columns to draw, without `validation.`; by default all but `epoch`, `step` and `seconds`. */
  readonly columns?: readonly string[] | undefined
  /** The column along the x axis; `epoch` by default. */
  readonly by?: string | undefined
  /**
   * Use logarithmic y axes. By default the axis of `loss` is logarithmic if its values span two powers of ten or more.
   */
  readonly log?: boolean | undefined
}

/** The columns that locate a row in a run. */
export const places = ['epoch', 'step', 'seconds']
const prefix = 'validation.'

/** The names of the measured columns, without `validation.`, each once. */
export const measured = (history: History): readonly string[] => [
  ...new Set(
    Object.keys(history)
      .filter((name) => !places.includes(name))
      .map((name) => (name.startsWith(prefix) ? name.slice(prefix.length) : name)),
  ),
]

/** The points of a column. Where the x column is shorter, it is continued in steps of 1. */
const pointsOf = (along: readonly number[], column: readonly number[]): readonly Point[] => {
  const last = along.at(-1) ?? 0
  return Array.from(column, (v, i) => [along[i] ?? last + i - along.length + 1, v])
}

const spansDecades = (panel: Panel): boolean => {
  let [low, high] = [Number.POSITIVE_INFINITY, 0]
  for (const [, v] of (panel.series ?? []).flatMap(({ points }) => points)) {
    if (v <= 0) return false
    if (Number.isFinite(v)) [low, high] = [Math.min(low, v), Math.max(high, v)]
  }
  return high >= 100 * low
}

/** A panel for each column. A column that the history lacks is an error that lists the existing ones. */
export const panelsOf = (op: string, history: History, options: HistoryOptions = {}): readonly Panel[] => {
  checkHistory(op, history)
  const { columns = measured(history), by = 'epoch', log } = options
  const along = by === 'epoch' && !Object.hasOwn(history, by) ? [] : columnOf(op, history, by)
  return columns.map((name) => {
    const validated = Object.hasOwn(history, prefix + name)
    const isAlone = !Object.hasOwn(history, name) && validated
    const series = [
      ...(isAlone ? [] : [{ name: 'training', points: pointsOf(along, columnOf(op, history, name)) }]),
      ...(validated ? [{ name: 'validation', points: pointsOf(along, columnOf(op, history, prefix + name)) }] : []),
    ]
    const x = { label: by, whole: by !== 'seconds' && along.every(Number.isInteger) }
    const panel = { title: name, x, y: { label: name, nice: true }, series }
    return { ...panel, y: { ...panel.y, log: log ?? (name === 'loss' && spansDecades(panel)) } }
  })
}
