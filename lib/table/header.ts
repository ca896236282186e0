import { type IssueFields, quoted, TableError, tableIssue } from './issue.ts'

/**
 * A number that stands where a name should: one with a decimal point, or only whole numbers that do not count columns
 * or years.
 */
const numberAmong = (names: readonly string[]): string | undefined => {
  const isCount = names.length > 1 && names.every((name, i) => i === 0 || Number(name) === Number(names[i - 1]) + 1)
  const isAll = names.every((name) => /^[+-]?\d+(\.\d+)?$/.test(name))
  return isAll && !isCount ? names[0] : names.find((name) => /^[+-]?\d+\.\d+$/.test(name))
}
const others = [';', '\t', '|', ','] as const
const named = (delimiter: string): string => (delimiter === '\t' ? "'\\t'" : `'${delimiter}'`)

/** The mistake in a first line that does not hold the names of columns. */
const mistaken = (
  names: readonly string[],
  delimiter: string,
  isRead: boolean,
): Omit<IssueFields, '_tag'> | undefined => {
  const [first = ''] = names
  if (isRead && /^<(!doctype|html|\?xml)/i.test(first))
    return { expected: 'CSV', actual: `a page that begins with ${quoted(first)}`, remedy: 'look at the address' }
  const other = others.find((d) => d !== delimiter && first.includes(d))
  if (isRead && names.length === 1 && other !== undefined)
    return {
      expected: `columns divided by ${named(delimiter)}`,
      actual: quoted(first),
      remedy: `give { delimiter: ${named(other)} }`,
    }
  const number = numberAmong(names)
  if (isRead && number !== undefined)
    return {
      expected: 'the names of the columns in the first line',
      actual: `the number ${number}`,
      remedy: 'if the file begins with data, give { header: [the names] }',
    }
  return undefined
}

/**
 * The names of columns without surrounding spaces. Names used twice, a name that objects cannot have, and a first line
 * that is not a header are a `TableError`.
 */
export const checkedHeader = (
  given: readonly string[],
  line: number | undefined,
  delimiter: string,
): readonly string[] => {
  const names = given.map((name) => name.trim())
  const at = line === undefined ? {} : { line }
  const found: IssueFields[] = []
  const wrong = mistaken(names, delimiter, line !== undefined)
  if (wrong !== undefined) found.push({ _tag: 'BadHeader', ...at, ...wrong })
  const twice = new Set(names.filter((name, place) => names.indexOf(name) !== place))
  for (const name of twice) {
    const where = names.flatMap((other, place) => (other === name ? [place + 1] : []))
    found.push({
      _tag: 'BadHeader',
      ...at,
      column: name,
      expected: 'a name of its own for each column',
      actual: `one name for the columns ${where.join(', ')}`,
      remedy: 'rename them, or give { header: [the names] }',
    })
  }
  if (names.includes('__proto__'))
    found.push({ _tag: 'BadHeader', ...at, expected: 'names', actual: "'__proto__'", remedy: 'rename it' })
  const [first, ...rest] = found.map(tableIssue)
  if (first !== undefined) throw new TableError([first, ...rest])
  return names
}
