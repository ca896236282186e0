import type { ReadonlyNonEmptyArray } from '#fp/ReadonlyNonEmptyArray'
import type * as TE from '#fp/TaskEither'
import type { Column, InferredSchema } from '../type/table.ts'
import { attempt } from './attempt.ts'
import { trimmed } from './build.ts'
import { collected, failure, quoted, type TableIssue } from './issue.ts'
import { checkRead, type ReadOptions, readRows } from './read.ts'
import type { Rows } from './row.ts'
import { schemaOf } from './schema.ts'
import { type Seen, seen } from './seen.ts'
import type { TableInput } from './text.ts'

/** Columns given by the user instead of inferred: their kinds, or complete columns. */
export interface As {
  readonly [column: string]: Column | Column['kind']
}

export interface InferOptions extends ReadOptions {
  /**
   * Columns to use instead of inferred ones: `{ species: 'category', id: 'ignored', age: { kind: 'number', missing:
   * 'mean' } }`.
   */
  readonly as?: As | undefined
}

/** Error for a value that is not a column; it names the value. */
export const checkAs = (as: As = {}): void => {
  for (const [name, column] of Object.entries(as))
    schemaOf({ [name]: typeof column === 'string' ? ({ kind: column } as Column) : column })
}

/** Inspects rows to infer how their columns should be read. */
export const inferring = (missing: ReadonlySet<string>, as: As = {}) => {
  const columns: Seen[] = []
  let [names, count]: [readonly string[], number] = [[], 0]
  const blank = (column: Seen): void => {
    for (let i = 0; i < count; i++) column.push(undefined, 0)
  }
  return {
    add: (batch: Rows): void => {
      names = batch.names
      while (columns.length < names.length) {
        const column = seen(names[columns.length] as string)
        blank(column)
        columns.push(column)
      }
      for (const { line, cells } of batch.rows)
        for (let i = 0; i < columns.length; i++) (columns[i] as Seen).push(trimmed(cells[i], missing), line)
      count += batch.rows.length
    },
    finish: (): InferredSchema => {
      const unknown = Object.keys(as).find((name) => !names.includes(name))
      if (unknown !== undefined)
        throw failure({
          _tag: 'MissingColumn',
          column: unknown,
          expected: `a column ${quoted(unknown)}`,
          actual: `the columns ${names.map(quoted).join(', ')}`,
        })
      const found = columns.map((column, i) => {
        const name = names[i] as string
        return column.finish(Object.hasOwn(as, name) ? as[name] : undefined)
      })
      return {
        _tag: 'InferredSchema',
        schema: Object.fromEntries(found.map(([column], i) => [names[i], column])),
        columns: found.map(([, inferred]) => inferred),
        rows: count,
      }
    },
  }
}

/**
 * Infers from all rows how the columns of a table should be read: as numbers if all cells are numbers, as booleans if
 * all are `true` or `false`, otherwise as categories with the labels that occur. A column is ignored, with the reason
 * in its remark, if it is empty, the same in all rows, a count of the rows, or mostly different texts, like those of an
 * id. Texts of digits that a number would lose, such as 007, are labels. `as` overrides the inferred columns. `show`
 * prints the result as a table. Memory does not grow with the rows.
 *
 * @example
 * import * as E from 'fp-ts/lib/Either.js'
 * import { show, showIssues } from 'pullback'
 * import { inferSchema } from 'pullback/table'
 * const text = 'id,height,kind\n1,0.5,oak\n2,1.5,elm\n3,2,oak\n'
 * const read = await inferSchema(text)()
 * if (E.isLeft(read)) throw new Error(showIssues(read.left))
 * const inferred = read.right
 * inferred.schema // => { id: { kind: 'ignored' }, height: { kind: 'number' }, kind: { kind: 'category', labels: ['elm', 'oak'] } }
 * show(inferred).split('\n')[2] // => 'id      ignored   1 … 3                  0  it counts the rows, as an id does'
 */
export const inferSchema = (
  source: TableInput | PromiseLike<TableInput>,
  options: InferOptions = {},
): TE.TaskEither<ReadonlyNonEmptyArray<TableIssue>, InferredSchema> => {
  const checked = checkRead('inferSchema', options, ['as'])
  checkAs(options.as)
  return attempt(async () => {
    const [issues, columns] = [collected(), inferring(checked.missing, options.as)]
    for await (const rows of readRows(source, checked, [], issues)) columns.add(rows)
    issues.check()
    return columns.finish()
  })
}
