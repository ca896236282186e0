import type * as t from 'io-ts'
import { checkOptions } from '../error/options.ts'
import { StructureError, ValueError } from '../error/tensorError.ts'
import { describe } from '../tensor/data.ts'
import type { Column } from '../type/table.ts'
import { columnOf, type DecodedColumn, isCodec, propsOf } from './codec.ts'

/** How each column of a table is read. Its order is that of the columns of examples, whatever the order in a file. */
export type TableSchema = { readonly [column: string]: Column | DecodedColumn }

/** A schema as users write it: columns, io-ts codecs for columns, or one codec, `t.type`, for a row. */
export type GivenSchema = { readonly [column: string]: Column | DecodedColumn | t.Mixed } | t.HasProps

const optionsOf = {
  number: ['kind', 'missing'],
  category: ['kind', 'labels', 'missing'],
  boolean: ['kind', 'missing'],
  ignored: ['kind'],
  decoded: ['kind', 'codec', 'of'],
} as const

/** Labels in alphabetical order of their code units, which is the same everywhere. */
export const sorted = (labels: Iterable<string>): readonly string[] =>
  [...labels].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))

const checkLabels = (op: string, labels: unknown): void => {
  const isFine =
    Array.isArray(labels) &&
    labels.length > 0 &&
    labels.every((label) => typeof label === 'string' && label === label.trim()) &&
    new Set(labels).size === labels.length
  if (isFine) return
  const actual = Array.isArray(labels) ? `[${labels.map(describe).join(', ')}]` : describe(labels)
  throw new ValueError({
    op,
    expected: 'labels, texts without spaces around them, each once',
    actual,
    code: 'wrong-argument',
  })
}

/** A checked column, with its labels in order. */
const checked = (name: string, given: unknown): Column | DecodedColumn => {
  const op = `column '${name}'`
  const column = (isCodec(given) ? columnOf(given) : given) as Column | DecodedColumn
  if (typeof column?.kind !== 'string' || !Object.hasOwn(optionsOf, column.kind))
    throw new StructureError({
      op,
      expected: `{ kind: ${Object.keys(optionsOf).map(describe).join(' | ')} } or an io-ts codec`,
      actual: describe(given),
    })
  checkOptions(op, column, optionsOf[column.kind])
  const wrong = (expected: string, actual: unknown): never => {
    throw new ValueError({ op, expected, actual: describe(actual), code: 'wrong-argument' })
  }
  if (column.kind === 'number') {
    const { missing } = column
    if (missing !== undefined && missing !== 'mean' && !Number.isFinite(missing))
      wrong("a finite number or 'mean' for missing values", missing)
  }
  if (column.kind === 'boolean' && column.missing !== undefined && typeof column.missing !== 'boolean')
    wrong('true or false for missing values', column.missing)
  if (column.kind === 'decoded' && !isCodec(column.codec)) wrong('an io-ts codec', column.codec)
  if (column.kind !== 'category') return column
  const { labels, missing } = column
  if (labels !== undefined) checkLabels(op, labels)
  if (missing !== undefined && (typeof missing !== 'string' || missing !== missing.trim()))
    wrong('a label for missing values', missing)
  if (missing !== undefined && labels !== undefined && !labels.includes(missing))
    wrong(`one of the labels ${labels.map(describe).join(', ')} for missing values`, missing)
  return labels === undefined ? column : { ...column, labels: sorted(labels) }
}

/**
 * A schema from columns and io-ts codecs. `t.number` is a column of numbers, `t.boolean` of booleans, `t.string` of
 * categories whose labels are those that occur, and `t.keyof` or a union of literals of categories with these labels.
 * Any other codec decodes the texts, or the numbers if it refines `t.number`, as `t.Int` does. Labels are sorted
 * alphabetically. A value that is not a column is an error that names it.
 *
 * @example
 * import * as t from 'io-ts'
 * import { schemaOf } from 'pullback/table'
 * schemaOf({ age: t.number, sex: t.keyof({ m: null, f: null }) }) // => { age: { kind: 'number' }, sex: { kind: 'category', labels: ['f', 'm'] } }
 */
export const schemaOf = (given: GivenSchema): TableSchema => {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new StructureError({ op: 'schemaOf', expected: 'a record of columns', actual: describe(given) })
  const columns = Object.entries(isCodec(given) ? propsOf(given) : given)
  if (columns.length === 0)
    throw new StructureError({ op: 'schemaOf', expected: 'at least one column', actual: 'none' })
  return Object.fromEntries(columns.map(([name, column]) => [name, checked(name, column)]))
}

/**
 * Error for a schema that is not complete, with the missing part: a schema needs the labels of every category, and
 * numbers instead of means.
 */
export const checkFitted = (op: string, schema: TableSchema): void => {
  for (const [name, column] of Object.entries(schema)) {
    const lacks =
      column.kind === 'category' && column.labels === undefined
        ? 'labels'
        : column.kind === 'number' && column.missing === 'mean'
          ? 'a number in the place of the mean'
          : undefined
    if (lacks !== undefined)
      throw new ValueError({
        op,
        expected: `a schema with ${lacks} for column '${name}'`,
        actual: 'one without',
        code: 'wrong-argument',
        remedy: 'give the schema of a table that was read, which has them, or what inferSchema found',
      })
  }
}
