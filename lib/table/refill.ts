import { ValueError } from '../error/tensorError.ts'
import { describe } from '../tensor/data.ts'
import { toArray } from '../tensor/to.ts'
import type { Tensor } from '../type/tensor.ts'
import type { Built } from './build.ts'
import { meanOf, type Values } from './column.ts'

/**
 * Fills the missing numbers of a table with the mean of their column over the given rows, those of the training part,
 * so that nothing from the other rows leaks into it. `columns` names the columns to fill; by default all columns of
 * numbers with missing values.
 *
 * @example
 * import * as E from 'fp-ts/lib/Either.js'
 * import { fromNested, showIssues } from 'pullback'
 * import { readTable, refill } from 'pullback/table'
 * const schema = { x: { kind: 'number', missing: 'mean' }, y: { kind: 'number' } } as const
 * const read = await readTable('x,y\n1,1\n3,2\n,3\n11,4\n', { schema })()
 * if (E.isLeft(read)) throw new Error(showIssues(read.left))
 * const table = read.right
 * Array.from(table.columns.x) // => [1, 3, 5, 11]
 * Array.from(refill(table, fromNested([0, 1, 2], 'int32')).columns.x) // => [1, 3, 2, 11]
 */
export const refill = <T extends Built>(
  table: T,
  rows: Tensor<readonly [number], 'int32'>,
  columns: readonly string[] = Object.keys(table.filled).filter((name) => table.schema[name]?.kind === 'number'),
): T => {
  const training = toArray(rows)
  const outside = training.find((row) => row < 0 || row >= table.count)
  if (outside !== undefined)
    throw new ValueError({
      op: 'refill',
      expected: `rows from 0 to ${table.count - 1}`,
      actual: describe(outside),
      code: 'index-out-of-range',
    })
  const read = columns.map((name) => {
    const values = Object.hasOwn(table.columns, name) ? table.columns[name] : undefined
    if (!(values instanceof Float64Array))
      throw new ValueError({
        op: 'refill',
        expected: 'a column of numbers',
        actual: describe(name),
        code: 'unknown-name',
      })
    const filled = Object.hasOwn(table.filled, name) ? (table.filled[name] as readonly number[]) : []
    const isMissing = new Set(filled)
    if (training.every((row) => isMissing.has(row)))
      throw new ValueError({
        op: 'refill',
        expected: `a number of column '${name}' in the training part to take the mean of`,
        actual: 'none',
        code: 'empty-batch',
      })
    const missing = meanOf(values, training, isMissing)
    const next = Float64Array.from(values)
    for (const row of filled) next[row] = missing
    return [name, next as Values, { kind: 'number', missing } as const] as const
  })
  return {
    ...table,
    columns: { ...table.columns, ...Object.fromEntries(read.map(([name, values]) => [name, values])) },
    schema: { ...table.schema, ...Object.fromEntries(read.map(([name, , column]) => [name, column])) },
  }
}
