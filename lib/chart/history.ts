// What a history has to draw: a panel for each column, with that of the validation part beside the one it validates.
import { columnOf, type History } from '../train/history.ts'
import { checkHistory } from './check.ts'
import type { Panel, Point } from './figure.ts'

export interface HistoryOptions {
  /** The columns to draw, without `validation.`: all but `epoch`, `step` and `seconds` unless given. */
  readonly columns?: readonly string[] | undefined
  /** The column along the x axis, `epoch` unless given. */
  readonly by?: string | undefined
  /**
   * Whether the y axes have powers of ten at equal distances; unless given, that of `loss` does where it spans two of
   * them or more.
   */
  readonly log?: boolean | undefined
}

/** The columns that say where in a run a row was taken. */
export const places = ['epoch', 'step', 'seconds']
const prefix = 'validation.'

/** The names of the columns that tell how well a run went, each once whether of the training or the validation part. */
export const measured = (history: History): readonly string[] => [
  ...new Set(
    Object.keys(history)
      .filter((name) => !places.includes(name))
      .map((name) => (name.startsWith(prefix) ? name.slice(prefix.length) : name)),
  ),
]

/** The points of a column. Where the other column is shorter, its numbers go on one by one. */
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

/** A panel for each column. One that the history lacks is an error that lists those it has. */
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
