import { checkOptions } from '../error/options.ts'
import { ValueError } from '../error/tensorError.ts'
import { describe } from '../tensor/data.ts'
import { csvRows } from './csv.ts'
import { checkedHeader } from './header.ts'
import { failure, type Issues } from './issue.ts'
import { jsonRows } from './jsonl.ts'
import type { Row, Rows } from './row.ts'
import { type TableInput, textOf } from './text.ts'

export interface ReadOptions {
  /** The format: 'csv' by default, or 'jsonl' for a JSON object on each line. */
  readonly format?: 'csv' | 'jsonl' | undefined
  /** The delimiter of the cells in CSV; ',' by default. */
  readonly delimiter?: string | undefined
  /** The names of the columns, for CSV whose first line is data. */
  readonly header?: readonly string[] | undefined
  /** The texts that stand for a missing value; by default only the empty one. */
  readonly missing?: readonly string[] | undefined
}

export const readOptions = ['format', 'delimiter', 'header', 'missing'] as const

const isTexts = (u: unknown): boolean => Array.isArray(u) && u.every((text) => typeof text === 'string')

/** The options with their defaults; an invalid option is an error. */
export const checkRead = (op: string, options: ReadOptions, others: readonly string[]) => {
  checkOptions(op, options, [...readOptions, ...others])
  const { format = 'csv', delimiter = ',', header, missing = [''] } = options
  const bad = (expected: string, actual: unknown): never => {
    throw new ValueError({ op, expected, actual: describe(actual), code: 'wrong-argument' })
  }
  if (format !== 'csv' && format !== 'jsonl') bad("the format 'csv' or 'jsonl'", format)
  if (typeof delimiter !== 'string' || delimiter.length !== 1 || /["\r\n]/.test(delimiter))
    bad('a delimiter of one character', delimiter)
  if (header !== undefined && !(isTexts(header) && header.length > 0)) bad('the names of the columns', header)
  if (!isTexts(missing)) bad('the texts that stand for a missing value, in an array', missing)
  if (format === 'jsonl' && header !== undefined) bad('no header, since JSON Lines has names on each line', header)
  return { format, delimiter, header, missing: new Set(missing.map((text) => text.trim())) }
}

type Checked = ReturnType<typeof checkRead>

/** The rows of the right length; the others become issues. */
const checkLengths = (rows: readonly Row[], names: readonly string[], issues: Issues): readonly Row[] =>
  rows.filter(({ line, cells }) => {
    if (cells.length === names.length) return true
    const isTrailing = cells.length === names.length + 1 && cells.at(-1) === ''
    const longer = isTrailing
      ? 'the row ends with a delimiter: remove it, or put one behind the header too'
      : 'put cells that contain the delimiter in quotes'
    issues.add({
      _tag: 'BadRow',
      line,
      expected: `${names.length} ${names.length === 1 ? 'cell, since there is one column' : 'cells, as there are columns'}`,
      actual: `${cells.length}`,
      remedy: cells.length > names.length ? longer : 'leave cells without a value empty, with their delimiters',
    })
    return false
  })

async function* csv(text: AsyncIterable<string>, { delimiter, header }: Checked, issues: Issues): AsyncGenerator<Rows> {
  let names = header && checkedHeader(header, undefined, delimiter)
  for await (const found of csvRows(text, delimiter, names)) {
    const [first, ...others] = found
    if (first === undefined) continue
    const rows = names === undefined ? others : found
    names ??= checkedHeader(first.cells as readonly string[], first.line, delimiter)
    yield { names, rows: checkLengths(rows, names, issues) }
  }
  if (names === undefined)
    throw failure({ _tag: 'BadFile', expected: 'the names of the columns and rows', actual: 'an empty file' })
}

/**
 * The rows of a source. Rows that cannot be read are left out and added to `issues`; a file that cannot be read any
 * further, or has no rows, is a `TableError`.
 */
export async function* readRows(
  source: TableInput | PromiseLike<TableInput>,
  options: Checked,
  known: readonly string[],
  issues: Issues,
): AsyncGenerator<Rows> {
  const text = textOf(await source)
  let isEmpty = true
  const rows = options.format === 'csv' ? csv(text, options, issues) : json(text, known, issues)
  for await (const batch of rows) {
    isEmpty &&= batch.rows.length === 0
    yield batch
  }
  if (isEmpty && issues.count() === 0) throw failure({ _tag: 'BadFile', expected: 'at least one row', actual: 'none' })
}

async function* json(text: AsyncIterable<string>, known: readonly string[], issues: Issues): AsyncGenerator<Rows> {
  const names = [...known]
  for await (const rows of jsonRows(text, names, issues)) yield { names, rows }
}
