// A table that the user gave: columns of numbers are standardized, columns of labels become columns of zeros and ones.
import type { Either } from 'fp-ts/lib/Either.js'
import { init, key, oneHotColumns, predict, random, showIssues, standardize, toTypedArray } from 'pullback'
import { type InferredSchema, inferSchema, readTable, toExamples } from 'pullback/table'
import type { GivenTable } from '../../settings.ts'
import { type Dataset, dataset } from './dataset.ts'

const mostLabels = 20

const right = <A>(found: Either<Parameters<typeof showIssues>[0], A>): A => {
  if (found._tag === 'Left') throw new Error(`The table cannot be read.\n${showIssues(found.left)}`)
  return found.right
}

/** The column to predict: the one that was asked for, or else the last with labels, or else the last. */
const targetOf = ({ columns }: InferredSchema, wanted: string | undefined): string => {
  const last = columns.findLast(({ kind }) => kind === 'category' || kind === 'boolean') ?? columns.at(-1)
  const found = columns.find(({ column }) => column === wanted) ?? last
  if (found === undefined || columns.length < 2)
    throw new Error('A table needs two columns: one to predict, and one to predict it from.')
  return found.column
}

/** A cell without a number gets the mean of its column. */
const readingOf = ({ columns }: InferredSchema, target: string) => ({
  ...Object.fromEntries(
    columns
      .filter(({ kind }) => kind === 'number')
      .map(({ column }) => [column, { kind: 'number', missing: 'mean' } as const]),
  ),
  [target]: 'category' as const,
})

/** Rows in a random order. */
const shuffledRows = (numbers: ArrayLike<number>, labels: ArrayLike<number>, size: number, seed: number) => {
  const order = Array.from(toTypedArray(random.permutation(key(seed), labels.length)), Number)
  return {
    numbers: Float32Array.from(
      order.flatMap((row) => Array.from({ length: size }, (_, i) => numbers[row * size + i] as number)),
    ),
    labels: Int32Array.from(order, (row) => labels[row] as number),
  }
}

/** The columns of a table, and the one that is predicted. */
export interface TableColumns {
  readonly columns: readonly string[]
  readonly target: string
}

/** `tell` hears of the columns first, so that another can be chosen where one does not suit. */
export const table = async (
  { text, target: wanted }: GivenTable,
  seed: number,
  tell: (found: TableColumns) => void,
): Promise<Dataset> => {
  const inferred = right(await inferSchema(text)())
  const target = targetOf(inferred, wanted)
  tell({ columns: inferred.columns.map(({ column }) => column), target })
  const read = right(await readTable(text, { as: readingOf(inferred, target) })())
  const { examples, categories, target: kind } = toExamples(read, { target, task: 'classes' })
  const { length } = kind.labels
  if (length < 2 || length > mostLabels)
    throw new Error(`The column '${target}' has ${length} different values. Choose a column with 2 to ${mostLabels}.`)
  const oneHot = oneHotColumns(categories)
  const coded = predict(oneHot, init(oneHot, key(0)), examples.data.input)
  const scale = standardize(coded)
  const input = predict(scale, init(scale, key(0)), coded)
  const size = input.shape[1]
  const rows = shuffledRows(toTypedArray(input), toTypedArray(examples.data.target), size, seed)
  const trained = Math.max(1, Math.round(0.8 * rows.labels.length))
  return dataset(rows.numbers, rows.labels, [size], trained, { labels: kind.labels, extent: 3 })
}
