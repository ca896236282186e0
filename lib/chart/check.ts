import { ShapeError, StructureError, ValueError } from '../error/tensorError.ts'
import { describe } from '../tensor/data.ts'
import { showShape } from '../tensor/shape.ts'
import { toNested } from '../tensor/to.ts'
import { isTensor } from '../tensor/view.ts'
import type { AnyTensor } from '../type/tensor.ts'
import type { Panel } from './figure.ts'

type Fields = { readonly [name: string]: unknown }
const isRecord = (x: unknown): x is Fields => typeof x === 'object' && x !== null && !Array.isArray(x) && !isTensor(x)

/** True for an array of numbers or a typed array. */
export const isNumbers = (x: unknown): x is ArrayLike<number> =>
  (Array.isArray(x) && x.every((v) => typeof v === 'number')) || (ArrayBuffer.isView(x) && !(x instanceof DataView))

const need = (
  isRight: boolean,
  op: string,
  expected: string,
  given: unknown,
  path: readonly (string | number)[],
): void => {
  if (!isRight) throw new StructureError({ op, expected, actual: describe(given), path: path.map(String) })
}

/** Checks that the named options are texts if given, such as titles. */
export const checkTexts = <O extends object>(op: string, options: O, names: readonly (keyof O)[]): void => {
  for (const name of names) {
    const given = options[name]
    need(given === undefined || typeof given === 'string', op, 'a text', given, [String(name)])
  }
}

/** Checks that the named options are whole numbers of at least 1 if given. */
export const checkCounts = <O extends object>(op: string, options: O, names: readonly (keyof O)[]): void => {
  for (const name of names) {
    const given: unknown = options[name]
    if (given === undefined || (Number.isSafeInteger(given) && (given as number) > 0)) continue
    throw new ValueError({ op, expected: `${String(name)}, a whole number of at least 1`, actual: describe(given) })
  }
}

const checkLine = (op: string, line: unknown, path: readonly (string | number)[]): void => {
  const { name, points } = isRecord(line) ? line : ({} as Fields)
  const isRight = typeof name === 'string' && Array.isArray(points) && points.every(Array.isArray)
  need(isRight, op, 'a line, { name, points: [[x, y], …] }', line, path)
}

/** Checks that a panel has a title and two labels, and that its lines have names and points. */
export const checkPanels = (op: string, panels: readonly Panel[]): void => {
  need(Array.isArray(panels), op, 'an array of panels, { title, x, y, series }', panels, [])
  for (const [i, panel] of panels.entries()) {
    need(isRecord(panel), op, 'a panel, { title, x, y, series }', panel, [i])
    const { title, x, y, series = [] } = panel
    need(typeof title === 'string', op, 'a text', title, [i, 'title'])
    need(isRecord(x) && typeof x.label === 'string', op, 'an axis, { label }', x, [i, 'x'])
    need(isRecord(y) && typeof y.label === 'string', op, 'an axis, { label }', y, [i, 'y'])
    need(Array.isArray(series), op, 'an array of lines, { name, points }', series, [i, 'series'])
    for (const [j, line] of series.entries()) checkLine(op, line, [i, 'series', j])
  }
}

/** Checks that a history is a record of columns of numbers. */
export const checkHistory = (op: string, history: unknown): void => {
  if (!isRecord(history))
    throw new StructureError({
      op,
      expected: 'a history, a record of columns of numbers',
      actual: describe(history),
      remedy: '`state.history` of fit is one',
    })
  for (const [name, column] of Object.entries(history))
    if (!isNumbers(column))
      throw new StructureError({ op, expected: 'a column of numbers', actual: describe(column), path: [name] })
}

/** The counts of a confusion matrix as rows of numbers: a square with no entry below 0. */
export const countsOf = (
  op: string,
  matrix: AnyTensor | readonly (readonly number[])[],
): readonly (readonly number[])[] => {
  const expected = 'a confusion matrix, [classes, classes]'
  const remedy = 'metric.confusionMatrix(scores, labels) makes one'
  if (isTensor(matrix) && matrix.shape.length !== 2)
    throw new ShapeError({ op, expected, actual: showShape(matrix.shape), remedy })
  const rows = (isTensor(matrix) ? toNested(matrix) : matrix) as readonly (readonly number[])[]
  if (!Array.isArray(rows) || !rows.every((row) => Array.isArray(row) && isNumbers(row)))
    throw new StructureError({ op, expected, actual: describe(matrix), remedy })
  const uneven = rows.find((row) => row.length !== rows.length)
  if (uneven !== undefined)
    throw new ShapeError({
      op,
      expected,
      actual: `${rows.length} rows, one of ${uneven.length} entries`,
      code: 'ragged',
      remedy,
    })
  const bad = rows.flat().find((n) => !(n >= 0 && n < Number.POSITIVE_INFINITY))
  if (bad !== undefined)
    throw new ValueError({ op, expected: 'counts, which are at least 0', actual: `${bad}`, remedy })
  return rows
}

/** A label for each class; by default its number. */
export const labelsOf = (op: string, labels: readonly string[] | undefined, classes: number): readonly string[] => {
  if (labels === undefined) return Array.from({ length: classes }, (_, i) => `${i}`)
  if (!Array.isArray(labels) || !labels.every((label) => typeof label === 'string'))
    throw new StructureError({ op, expected: 'labels, an array of texts', actual: describe(labels) })
  if (labels.length !== classes)
    throw new StructureError({
      op,
      expected: `${classes} labels, one for each class`,
      actual: `${labels.length}`,
      code: 'size-mismatch',
    })
  return labels
}
