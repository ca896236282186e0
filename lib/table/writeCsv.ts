import { checkOptions } from '../error/options.ts'
import { ShapeError, StructureError, ValueError } from '../error/tensorError.ts'
import { describe } from '../tensor/data.ts'
import type { RawTable } from './readTable.ts'

export interface WriteOptions {
  /** The delimiter between cells; ',' by default. */
  readonly delimiter?: string | undefined
  /** The end of each row; a line feed by default. */
  readonly newline?: '\n' | '\r\n' | undefined
}

/** Columns to add after the others: for each row a text, a number, true or false. */
export interface AddedColumns {
  readonly [column: string]: ArrayLike<string | number | boolean>
}

/**
 * Writes rows as CSV, with added columns after the existing ones: the raw cells of a table, and the predictions of a
 * network. Cells are quoted where necessary, so that they are read back unchanged. A column whose number of values
 * differs from the number of rows, and a column whose name already exists, are errors.
 *
 * @example
 * import { writeCsv } from 'pullback/table'
 * const raw = { header: ['name', 'x'], rows: [['a, b', '1.50'], ['say "c"', '2']] }
 * writeCsv(raw, { prediction: ['oak', 'elm'] }) // => 'name,x,prediction\n"a, b",1.50,oak\n"say ""c""",2,elm\n'
 */
export const writeCsv = (raw: RawTable, added: AddedColumns = {}, options: WriteOptions = {}): string => {
  const op = 'writeCsv'
  checkOptions(op, options, ['delimiter', 'newline'])
  const { delimiter = ',', newline = '\n' } = options
  if (typeof delimiter !== 'string' || delimiter.length !== 1 || /["\r\n]/.test(delimiter))
    throw new ValueError({
      op,
      expected: 'a delimiter of one character',
      actual: describe(delimiter),
      code: 'wrong-argument',
    })
  if (newline !== '\n' && newline !== '\r\n')
    throw new ValueError({
      op,
      expected: "'\\n' or '\\r\\n' for the ends of rows",
      actual: describe(newline),
      code: 'unknown-choice',
    })
  if (!Array.isArray(raw?.header) || !Array.isArray(raw.rows))
    throw new StructureError({
      op,
      expected: 'the raw cells of a table',
      actual: describe(raw),
      remedy: 'give { raw: true } when reading, and table.raw here',
    })
  const columns = Object.entries(added)
  for (const [name, values] of columns) {
    if (raw.header.includes(name))
      throw new StructureError({
        op,
        expected: 'new columns',
        actual: `'${name}', which the rows have already`,
        code: 'duplicate-name',
      })
    if (values.length !== raw.rows.length)
      throw new ShapeError({
        op,
        expected: `${raw.rows.length} values for column '${name}', one for each row`,
        actual: `${values.length}`,
        code: 'size-mismatch',
      })
  }
  const cell = (value: string | number | boolean): string => {
    const text = String(value)
    const isPlain = !text.includes(delimiter) && !/["\r\n\uFEFF]|^\s|\s$/.test(text)
    return isPlain ? text : `"${text.replaceAll('"', '""')}"`
  }
  const line = (cells: readonly (string | number | boolean)[]): string => {
    const text = cells.map(cell).join(delimiter)
    return `${text === '' ? '""' : text}${newline}`
  }
  const head = line([...raw.header, ...columns.map(([name]) => name)])
  const rows = raw.rows.map((row, i) => line([...row, ...columns.map(([, values]) => values[i] as string)]))
  return [head, ...rows].join('')
}
