import { type ColumnReader, columnReader, type Values } from './column.ts'
import { failure, type Issues, quoted } from './issue.ts'
import type { Cell, Row, Rows } from './row.ts'
import type { TableSchema } from './schema.ts'

/** The data read from a table. */
export interface Built {
  /** The schema completed by the rows: with labels, and with numbers instead of means. */
  readonly schema: TableSchema
  readonly count: number
  readonly columns: { readonly [column: string]: Values }
  /** The rows whose missing value was filled, for each column that has some. */
  readonly filled: { readonly [column: string]: readonly number[] }
}

interface Reading {
  readonly name: string
  readonly reader: ColumnReader
}

/** A cell without surrounding spaces; undefined if it stands for a missing value. */
export const trimmed = (cell: Cell, missing: ReadonlySet<string>): Cell => {
  if (typeof cell !== 'string') return cell
  const text = cell.trim()
  return missing.has(text) ? undefined : text
}

/** The index of each column of the schema in the rows. */
const placesOf = (names: readonly string[], readings: readonly Reading[]): readonly number[] =>
  readings.map(({ name }) => {
    const place = names.indexOf(name)
    if (place >= 0) return place
    const near = names.find((other) => other.toLowerCase() === name.toLowerCase())
    throw failure({
      _tag: 'MissingColumn',
      column: name,
      expected: `a column ${quoted(name)}`,
      actual: `the columns ${names.map(quoted).join(', ')}`,
      remedy: near === undefined ? "where it may be absent, give { kind: 'ignored' } for it" : `rename ${quoted(near)}`,
    })
  })

/** Reads rows by a schema, whatever the order of their columns; columns that the schema does not name are skipped. */
export const builder = (schema: TableSchema, missing: ReadonlySet<string>, issues: Issues) => {
  const readings = Object.entries(schema).flatMap(([name, column]): readonly Reading[] => {
    const reader = columnReader(name, column)
    return reader === undefined ? [] : [{ name, reader }]
  })
  let [places, count]: [readonly number[] | undefined, number] = [undefined, 0]
  const add = ({ line, cells }: Row, at: readonly number[]): void => {
    for (let i = 0; i < readings.length; i++) {
      const { name, reader } = readings[i] as Reading
      const cell = cells[at[i] as number]
      const problem = reader.push(trimmed(cell, missing))
      if (problem !== undefined) issues.add({ ...problem, line, column: name, value: String(cell ?? '') })
    }
    count += 1
  }
  return {
    add: ({ names, rows }: Rows): void => {
      places ??= placesOf(names, readings)
      for (const row of rows) add(row, places)
    },
    finish: (): Built => {
      const read = readings.map(({ name, reader }) => [name, reader.finish()] as const)
      const columns = new Map(read)
      return {
        schema: Object.fromEntries(
          Object.entries(schema).map(([name, column]) => [name, columns.get(name)?.column ?? column]),
        ),
        count,
        columns: Object.fromEntries(read.map(([name, { values }]) => [name, values])),
        filled: Object.fromEntries(read.flatMap(([name, { filled }]) => (filled.length > 0 ? [[name, filled]] : []))),
      }
    },
  }
}
