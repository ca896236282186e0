import type { Column, InferredColumn } from '../type/table.ts'
import { quoted } from './issue.ts'
import { isAbsence, numberOf } from './number.ts'
import type { Cell } from './row.ts'
import { sorted } from './schema.ts'

/** The largest number of labels for which a column is inferred to be a category. */
const mostLabels = 1000

/** Names of columns that number the rows. */
const isIdName = (name: string): boolean =>
  name === '' || /^(id|index|idx|row|key|uuid|guid)$|[_ ]id$|[a-z]I[dD]$/i.test(name)

/** True if a text is a code of digits, not a number: it has leading zeros, or more digits than a number can hold. */
const isCode = (text: string): boolean =>
  /^[+-]?0\d/.test(text) || (/^[+-]?\d{16,}$/.test(text) && !Number.isSafeInteger(Number(text)))

/** Inspects a column cell by cell. */
export interface Seen {
  /** Takes a cell, or undefined for a missing one, and its line. */
  readonly push: (cell: Cell, line: number) => void
  /** The column to read: the inferred one, or the one that was asked for. */
  readonly finish: (as: Column | Column['kind'] | undefined) => readonly [column: Column, inferred: InferredColumn]
}

type Guess = readonly [kind: Column['kind'], remark?: string | undefined]

export const seen = (name: string): Seen => {
  const labels = new Set<string>()
  let [count, missing, numbers, booleans, codes] = [0, 0, 0, 0, 0]
  let [least, largest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  let [previous, isCounting] = [Number.NaN, true]
  let other: { readonly text: string; readonly line: number } | undefined

  const number = (x: number): void => {
    numbers += 1
    least = Math.min(least, x)
    largest = Math.max(largest, x)
    isCounting &&= Number.isInteger(x) && (Number.isNaN(previous) ? x === 0 || x === 1 : x === previous + 1)
    previous = x
  }
  const guess = (): Guess => {
    const present = count - missing
    if (present === 0) return ['ignored', 'it is empty']
    if (labels.size === 1 && missing === 0 && count > 1)
      return ['ignored', `it is the same in all rows: ${quoted([...labels][0] as string)}`]
    if (booleans === present) return ['boolean']
    if (numbers === present && codes === 0) {
      const isNumbered = isCounting && missing === 0 && count > 1 && (count >= 10 || isIdName(name))
      return isNumbered ? ['ignored', 'it counts the rows, as an id does'] : ['number']
    }
    const isMostly = numbers > present / 2 && other !== undefined
    const first = isMostly
      ? `${numbers} of ${present} are numbers, but line ${other?.line} has ${quoted(other?.text ?? '')}`
      : undefined
    const remedy =
      isMostly && isAbsence(other?.text ?? '') ? `; for a missing value give { missing: ['', '${other?.text}'] }` : ''
    const remark = first && `${first}${remedy}`
    if (labels.size > mostLabels)
      return ['ignored', remark ?? `it has more than ${mostLabels} texts, as an id or free text has`]
    if (labels.size > 20 && labels.size * 2 > present)
      return ['ignored', remark ?? `${labels.size} of ${present} texts are different, as of an id or free text`]
    const lower = new Set(sorted(labels).map((label) => label.toLowerCase()))
    if (remark === undefined && lower.size < labels.size)
      return ['category', 'some labels differ only in upper and lower case']
    return ['category', remark ?? (codes > 0 && numbers === present ? 'digits that a number would lose' : undefined)]
  }
  /** A column with its labels, if they are not given and are all known. */
  const labelled = (column: Column): Column => {
    if (column.kind !== 'category' || column.labels !== undefined || labels.size === 0 || labels.size > mostLabels)
      return column
    return {
      ...column,
      labels: sorted(new Set([...labels, ...(column.missing === undefined ? [] : [column.missing])])),
    }
  }
  return {
    push: (cell, line) => {
      count += 1
      if (cell === undefined) {
        missing += 1
        return
      }
      const text = String(cell)
      if (labels.size <= mostLabels) labels.add(text)
      const x = numberOf(cell)
      if (Number.isNaN(x)) {
        other ??= { text, line }
        if (/^(true|false)$/i.test(text)) booleans += 1
        return
      }
      number(x)
      if (typeof cell === 'string' && isCode(text)) codes += 1
    },
    finish: (as) => {
      const [guessed, remark] = guess()
      const kind = as === undefined ? guessed : typeof as === 'string' ? as : as.kind
      const column = labelled(typeof as === 'object' ? as : { kind })
      const shown = kind === 'number' || (kind === 'ignored' && numbers === count - missing && numbers > 0)
      const values = shown
        ? numbers === 0
          ? []
          : ([least, largest] as const)
        : kind === 'boolean'
          ? ['false', 'true']
          : sorted(labels)
      const isOpen = missing > 0 && kind !== 'ignored'
      const found = remark ?? (isOpen ? 'say what fills its missing values' : undefined)
      return [column, { column: name, kind, values, missing, remark: as === undefined ? found : 'as it was asked for' }]
    },
  }
}
