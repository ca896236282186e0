// A table that the user gave: columns of numbers are standardized, columns of labels become columns of zeros and ones.
import { compose, init, key, oneHotColumns, predict, random, showIssues, standardize, toTypedArray } from 'pullback'
import { inferSchema, readTable, toExamples } from 'pullback/table'
import type { GivenTable } from '../../settings.ts'
import { type Dataset, dataset } from './dataset.ts'

const mostLabels = 20

const right = <A>(
  found: { readonly _tag: 'Left'; readonly left: readonly never[] } | { readonly _tag: 'Right'; readonly right: A },
): A => {
  if (found._tag === 'Left') throw new Error(`The table cannot be read.\n${showIssues(found.left as never)}`)
  return found.right
}

/** Rows in a random order. */
const shuffledRows = (numbers: ArrayLike<number>, labels: ArrayLike<number>, size: number, seed: number) => {
  const order = toTypedArray(random.permutation(key(seed), labels.length))
  return {
    numbers: Float32Array.from({ length: labels.length * size }, (_, i) =>
      Number(numbers[Number(order[Math.floor(i / size)]) * size + (i % size)]),
    ),
    labels: Int32Array.from(order, (row) => Number(labels[Number(row)])),
  }
}

export const table = async ({ text, target: wanted }: GivenTable, seed: number): Promise<Dataset> => {
  const { columns: found } = right((await inferSchema(text)()) as never) as {
    readonly columns: readonly { readonly column: string; readonly kind: string }[]
  }
  const columns = found.map(({ column }) => column)
  const target = wanted !== undefined && columns.includes(wanted) ? wanted : columns.at(-1)
  if (target === undefined || columns.length < 2)
    throw new Error('A table needs two columns: one to predict, and one to predict it from.')
  const read = right((await readTable(text, { as: { [target]: 'category' } })()) as never) as never
  const { examples, categories, target: kind } = toExamples(read, { target, task: 'classes' })
  if (kind.labels.length > mostLabels || kind.labels.length < 2)
    throw new Error(
      `The column '${target}' has ${kind.labels.length} different values. Choose a column with 2 to ${mostLabels}.`,
    )
  const coded = oneHotColumns(categories)
  const codedInput = predict(coded, init(coded, key(0)), examples.data.input)
  const scaled = compose(standardize(codedInput))
  const input = predict(scaled, init(scaled, key(0)), codedInput)
  const size = input.shape[1]
  const rows = shuffledRows(toTypedArray(input), toTypedArray(examples.data.target), size, seed)
  const trained = Math.max(1, Math.round(0.8 * rows.labels.length))
  return dataset(rows.numbers, rows.labels, [size], trained, { labels: kind.labels, extent: 3, columns, target })
}
