import { showIssues } from 'pullback'
import {
  type Built,
  type GivenSchema,
  type InferOptions,
  inferSchema,
  readTable,
  type Table,
  type TableInput,
  type TableOptions,
  type TableSchema,
} from 'pullback/table'

/** A table that can be read. */
export const tableOf = async <const S extends GivenSchema = TableSchema>(
  source: TableInput,
  options: TableOptions<S> = {},
): Promise<Table<S>> => {
  const result = await readTable(source, options)()
  if (result._tag === 'Left') throw new Error(showIssues(result.left))
  return result.right
}

/** What is said about a table that cannot be read, a line for each issue, without the code at its end. */
export const issuesOf = async (source: TableInput, options: TableOptions = {}): Promise<readonly string[]> => {
  const result = await readTable(source, options)()
  return result._tag === 'Left'
    ? showIssues(result.left)
        .split('\n')
        .map((line, i) => line.replace(` [${result.left[i]?.code}]`, ''))
    : ['no issues']
}

/** What the rows say about their columns. */
export const inferredOf = async (source: TableInput, options: InferOptions = {}) => {
  const result = await inferSchema(source, options)()
  if (result._tag === 'Left') throw new Error(showIssues(result.left))
  return result.right
}

/** The columns of a table as plain arrays. */
export const plain = ({ columns }: Pick<Built, 'columns'>): { readonly [column: string]: readonly unknown[] } =>
  Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, Array.from<unknown>(values)]))
