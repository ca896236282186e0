import type { ReadonlyNonEmptyArray } from '#fp/ReadonlyNonEmptyArray'
import type { ErrorCode } from '../error/codes.ts'
import { lineOf } from '../error/issue.ts'

/** A problem of a table and its position. */
export interface TableIssue {
  readonly _tag:
    | 'BadFile'
    | 'BadHeader'
    | 'BadRow'
    | 'MissingColumn'
    | 'MissingValue'
    | 'BadValue'
    | 'UnknownLabel'
    | 'More'
  /** The kind of the problem as docs/errors.md has it. */
  readonly code: ErrorCode
  /** The line of the file, from 1, in which the row begins. */
  readonly line?: number | undefined
  readonly column?: string | undefined
  /** The text that was found. */
  readonly value?: string | undefined
  readonly expected: string
  readonly remedy?: string | undefined
  /** The position in words: 'line 3, column age'. With `message` it makes an issue that `showIssues` prints. */
  readonly path: string
  readonly message: string
}

const codes: { readonly [tag in TableIssue['_tag']]: ErrorCode } = {
  BadFile: 'bad-table',
  BadHeader: 'bad-table',
  BadRow: 'bad-table',
  MissingColumn: 'missing-name',
  MissingValue: 'missing-value',
  BadValue: 'bad-value',
  UnknownLabel: 'unknown-label',
  More: 'bad-table',
}

export interface IssueFields extends Omit<TableIssue, 'code' | 'path' | 'message'> {
  readonly actual: string
}

/** A text as errors show it: in quotes, shortened, without line breaks. */
export const quoted = (text: string): string =>
  `'${(text.length > 60 ? `${text.slice(0, 57)}…` : text).replace(/[\r\n]+/g, '↵')}'`

/** An issue with its position and its sentence. */
export const tableIssue = ({ actual, ...fields }: IssueFields): TableIssue => {
  const { line, column, expected, remedy } = fields
  const places = [
    ...(line === undefined ? [] : [`line ${line}`]),
    ...(column === undefined ? [] : [`column ${/^[\w.-]+$/.test(column) ? column : quoted(column)}`]),
  ]
  return {
    ...fields,
    code: codes[fields._tag],
    path: places.join(', '),
    message: `expected ${expected}, got ${actual}${remedy === undefined ? '' : `; ${remedy}`}`,
  }
}

/**
 * Error for a table that cannot be read, with its issues. The minibatches of `tableSource` throw it; `readTable`
 * returns the issues themselves.
 */
export class TableError extends Error {
  readonly _tag = 'TableError'
  override readonly name = 'TableError'
  readonly issues: ReadonlyNonEmptyArray<TableIssue>
  /** The code of the first issue. */
  readonly code: ErrorCode

  constructor(issues: ReadonlyNonEmptyArray<TableIssue>) {
    super(issues.map(lineOf).join('\n'))
    this.issues = issues
    this.code = issues[0].code
  }
}

/** The error for one issue. */
export const failure = (fields: IssueFields): TableError => new TableError([tableIssue(fields)])

const mostIssues = 20

/** Collects issues: the first twenty, and the number of the others. */
export interface Issues {
  readonly add: (fields: IssueFields) => void
  readonly count: () => number
  /** Throws the issues in the order of their lines, if there are any. */
  readonly check: () => void
}

export const collected = (): Issues => {
  const found: TableIssue[] = []
  let count = 0
  return {
    add: (fields) => {
      count += 1
      if (count <= mostIssues) found.push(tableIssue(fields))
    },
    count: () => count,
    check: () => {
      const [first, ...others] = [...found].sort((a, b) => (a.line ?? 0) - (b.line ?? 0))
      if (first === undefined) return
      const more = count - found.length
      const last: readonly TableIssue[] =
        more === 0
          ? []
          : [
              {
                _tag: 'More',
                code: codes.More,
                expected: 'no issues',
                path: '',
                message: `and ${more} more like these`,
              },
            ]
      throw new TableError([first, ...others, ...last])
    },
  }
}
