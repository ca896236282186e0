import { decode } from '../codec/issue.ts'
import { describe } from '../tensor/data.ts'
import type { BooleanColumn, CategoryColumn, Column, NumberColumn } from '../type/table.ts'
import type { DecodedColumn } from './codec.ts'
import { failure, type IssueFields, quoted } from './issue.ts'
import { numberOf, numberRemedy } from './number.ts'
import type { Cell } from './row.ts'
import { sorted } from './schema.ts'

/** The values of a column: numbers, indices of labels, 0 and 1 for booleans, or the results of a codec. */
export type Values = Float64Array | Int32Array | Uint8Array | readonly unknown[]

type Problem = Pick<IssueFields, '_tag' | 'expected' | 'actual' | 'remedy'>

/** Reads a column cell by cell. */
export interface ColumnReader {
  /** Takes a cell, or undefined for a missing one; returns the problem if it is not valid. */
  readonly push: (cell: Cell) => Problem | undefined
  /** The values, the rows whose missing value was filled, and the column completed by the rows. */
  readonly finish: () => {
    readonly values: Values
    readonly filled: readonly number[]
    readonly column: Column | DecodedColumn
  }
}

const show = (cell: Cell): string => (typeof cell === 'string' ? quoted(cell) : describe(cell))

const absent = (expected: string, filling: string): Problem => ({
  _tag: 'MissingValue',
  expected,
  actual: 'a missing value',
  remedy: `to fill such cells give the column ${filling}`,
})

/** The mean over the rows whose values are not missing. */
export const meanOf = (values: ArrayLike<number>, rows: Iterable<number>, filled: ReadonlySet<number>): number => {
  let [sum, count] = [0, 0]
  for (const row of rows)
    if (!filled.has(row)) {
      count += 1
      sum += ((values[row] as number) - sum) / count
    }
  return sum
}

const numbers = (name: string, column: NumberColumn): ColumnReader => {
  const [values, filled]: [number[], number[]] = [[], []]
  return {
    push: (cell) => {
      if (cell === undefined) {
        if (column.missing === undefined) return absent('a number', "{ missing: a number, or 'mean' }")
        filled.push(values.length)
        values.push(column.missing === 'mean' ? Number.NaN : column.missing)
        return undefined
      }
      const x = numberOf(cell)
      values.push(x)
      if (!Number.isNaN(x)) return undefined
      return { _tag: 'BadValue', expected: 'a number', actual: show(cell), remedy: numberRemedy(cell) }
    },
    finish: () => {
      const read = Float64Array.from(values)
      if (column.missing !== 'mean') return { values: read, filled, column }
      if (filled.length === read.length)
        throw failure({
          _tag: 'MissingValue',
          column: name,
          expected: 'a number to take the mean of',
          actual: 'missing values alone',
          remedy: 'give { missing: a number }, or ignore the column',
        })
      const missing = meanOf(read, read.keys(), new Set(filled))
      for (const row of filled) read[row] = missing
      return { values: read, filled, column: { kind: 'number', missing } }
    },
  }
}

const listed = (labels: readonly string[]): string =>
  [...labels.slice(0, 5).map(quoted), ...(labels.length > 5 ? [`${labels.length - 5} more`] : [])].join(', ')

const categories = (column: CategoryColumn): ColumnReader => {
  const { labels, missing } = column
  const [places, values, filled]: [Map<string, number>, number[], number[]] = [new Map(), [], []]
  for (const label of labels ?? []) places.set(label, places.size)
  const placeOf = (label: string): number => {
    const known = places.get(label)
    if (known !== undefined) return known
    if (labels !== undefined) return -1
    places.set(label, places.size)
    return places.size - 1
  }
  return {
    push: (cell) => {
      if (cell === undefined && missing === undefined) return absent('a label', '{ missing: a label }')
      if (cell === undefined) filled.push(values.length)
      const label = cell === undefined ? (missing as string) : String(cell)
      const place = placeOf(label)
      values.push(place)
      if (place >= 0) return undefined
      const near = labels?.find((other) => other.toLowerCase() === label.toLowerCase())
      return {
        _tag: 'UnknownLabel',
        expected: `one of ${listed(labels ?? [])}`,
        actual: show(cell),
        remedy:
          near === undefined ? 'labels must occur in the training part' : `it is ${quoted(near)} in other letters`,
      }
    },
    finish: () => {
      if (labels !== undefined) return { values: Int32Array.from(values), filled, column }
      const all = sorted(places.keys())
      const order = new Map(all.map((label, place) => [places.get(label) as number, place]))
      const read = Int32Array.from(values, (place) => order.get(place) as number)
      return { values: read, filled, column: { ...column, labels: all } }
    },
  }
}

const booleanOf = (cell: Cell): boolean | undefined => {
  const text = String(cell).toLowerCase()
  return text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : undefined
}

const booleans = (column: BooleanColumn): ColumnReader => {
  const [values, filled]: [number[], number[]] = [[], []]
  return {
    push: (cell) => {
      if (cell === undefined && column.missing === undefined)
        return absent('true or false', '{ missing: true or false }')
      if (cell === undefined) filled.push(values.length)
      const value = cell === undefined ? column.missing : booleanOf(cell)
      values.push(value === true ? 1 : 0)
      if (value !== undefined) return undefined
      const remedy = "read columns of other texts with { kind: 'category' }"
      return { _tag: 'BadValue', expected: 'true or false', actual: show(cell), remedy }
    },
    finish: () => ({ values: Uint8Array.from(values), filled, column }),
  }
}

const decoded = (column: DecodedColumn): ColumnReader => {
  const values: unknown[] = []
  const read = decode(column.codec)
  return {
    push: (cell) => {
      const given = column.of === 'number' && cell !== undefined ? numberOf(cell) : cell
      const result = read(given)
      values.push(result._tag === 'Right' ? result.right : undefined)
      if (result._tag === 'Right') return undefined
      if (cell === undefined) return { _tag: 'MissingValue', expected: column.codec.name, actual: 'a missing value' }
      return { _tag: 'BadValue', expected: column.codec.name, actual: show(cell) }
    },
    finish: () => ({ values, filled: [], column }),
  }
}

/** A reader for a column; undefined if the column is ignored. */
export const columnReader = (name: string, column: Column | DecodedColumn): ColumnReader | undefined => {
  if (column.kind === 'number') return numbers(name, column)
  if (column.kind === 'category') return categories(column)
  if (column.kind === 'boolean') return booleans(column)
  return column.kind === 'decoded' ? decoded(column) : undefined
}
