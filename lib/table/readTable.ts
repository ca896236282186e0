import type { ReadonlyNonEmptyArray } from '#fp/ReadonlyNonEmptyArray'
import type * as TE from '#fp/TaskEither'
import { breathe, isDue } from '../data/breathe.ts'
import { ValueError } from '../error/tensorError.ts'
import type { InferredSchema } from '../type/table.ts'
import { attempt } from './attempt.ts'
import { type Built, builder } from './build.ts'
import { type As, checkAs, inferring } from './infer.ts'
import { collected, type TableIssue } from './issue.ts'
import { checkRead, type ReadOptions, readRows } from './read.ts'
import type { Cell, Rows } from './row.ts'
import { type GivenSchema, schemaOf, type TableSchema } from './schema.ts'
import type { TableInput } from './text.ts'
import type { ColumnsOf } from './typed.ts'

/** The cells of a table as they were written, including spaces. */
export interface RawTable {
  readonly header: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** A table that was read: its columns by name, with a value for each row. */
export interface Table<S extends GivenSchema = TableSchema> extends Built {
  /** The values of each column: a typed array that depends on the kind of the column, or the results of its codec. */
  readonly columns: ColumnsOf<S>
  /** The findings about the columns, if the schema was inferred. */
  readonly inferred?: InferredSchema | undefined
  /** The cells as they were written, if requested. */
  readonly raw?: RawTable | undefined
}

export interface TableOptions<S extends GivenSchema = GivenSchema> extends ReadOptions {
  /** How to read the columns; by default the schema is inferred as by `inferSchema`. */
  readonly schema?: S | undefined
  /** Columns to use instead of those that `inferSchema` would infer. */
  readonly as?: As | undefined
  /** Keep the cells as they were written, for `writeCsv`. */
  readonly raw?: boolean | undefined
}

const written = (cell: Cell): string => (cell === undefined ? '' : String(cell))

/** Keeps the rows unchanged for later. */
const keeping = () => {
  const kept: Rows[] = []
  return {
    add: (batch: Rows): void => {
      kept.push(batch)
    },
    rows: (): readonly Rows[] => kept,
    raw: (): RawTable => {
      const header = [...(kept.at(-1)?.names ?? [])]
      const rows = kept.flatMap((batch) => batch.rows.map(({ cells }) => header.map((_, i) => written(cells[i]))))
      return { header, rows }
    },
  }
}

/**
 * Reads a table from CSV or JSON Lines. The result has its columns, typed by the schema, and the schema completed by
 * the rows (the labels of categories, the means that fill missing numbers), with which other files of the kind are read
 * the same way. Spaces around a cell are not part of its value. Columns may come in any order; columns that the schema
 * does not name are skipped.
 *
 * Every problem is an issue with line, column, value and remedy: a missing value that the schema does not fill, a text
 * in a column of numbers, a label that the schema does not have, a row of another length, two columns of one name, a
 * quote that is not closed, bytes that are not UTF-8, no rows. The first twenty are returned, with the number of the
 * others. A mistake in the options is thrown.
 *
 * @example
 * import * as E from 'fp-ts/lib/Either.js'
 * import { showIssues } from 'pullback'
 * import { readTable } from 'pullback/table'
 * const text = 'height,kind\n0.5,oak\n,elm\n1.5,oak\n'
 * const schema = { height: { kind: 'number', missing: 'mean' }, kind: { kind: 'category' } } as const
 * const read = await readTable(text, { schema })()
 * if (E.isLeft(read)) throw new Error(showIssues(read.left))
 * const table = read.right
 * Array.from(table.columns.height) // => [0.5, 1, 1.5]
 * table.schema // => { height: { kind: 'number', missing: 1 }, kind: { kind: 'category', labels: ['elm', 'oak'] } }
 */
export const readTable = <const S extends GivenSchema = TableSchema>(
  source: TableInput | PromiseLike<TableInput>,
  options: TableOptions<S> = {},
): TE.TaskEither<ReadonlyNonEmptyArray<TableIssue>, Table<S>> => {
  const checked = checkRead('readTable', options, ['schema', 'as', 'raw'])
  const given = options.schema === undefined ? undefined : schemaOf(options.schema)
  if (given !== undefined && options.as !== undefined)
    throw new ValueError({
      op: 'readTable',
      expected: 'a schema, or kinds of columns by as',
      actual: 'both',
      code: 'wrong-argument',
    })
  checkAs(options.as)
  return attempt(async () => {
    const [issues, kept, columns] = [collected(), keeping(), inferring(checked.missing, options.as)]
    const known = given && builder(given, checked.missing, issues)
    for await (const rows of readRows(source, checked, Object.keys(given ?? {}), issues)) {
      ;(known ?? columns).add(rows)
      if (known === undefined || options.raw === true) kept.add(rows)
    }
    issues.check()
    const inferred = known === undefined ? columns.finish() : undefined
    const read = known ?? builder(schemaOf(inferred?.schema ?? {}), checked.missing, issues)
    if (known === undefined)
      for (const rows of kept.rows()) {
        read.add(rows)
        if (isDue()) await breathe()
      }
    issues.check()
    const table: Table = {
      ...read.finish(),
      ...(inferred === undefined ? {} : { inferred }),
      ...(options.raw === true ? { raw: kept.raw() } : {}),
    }
    return table as Table<S>
  })
}
