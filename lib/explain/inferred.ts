import { table, thousands } from '../text/table.ts'
import type { InferredColumn, InferredSchema } from '../type/table.ts'

const mostShown = 5

const isRange = (values: InferredColumn['values']): values is readonly [number, number] => typeof values[0] === 'number'

/** The labels, shortened to the first few, or the range of the numbers. */
const shown = (values: InferredColumn['values']): string => {
  if (isRange(values)) return values[0] === values[1] ? `${values[0]}` : `${values[0]} … ${values[1]}`
  const first = values.slice(0, mostShown).map((label) => (label.length > 24 ? `${label.slice(0, 23)}…` : label))
  return [...first, ...(values.length > mostShown ? [`${thousands(values.length - mostShown)} more`] : [])].join(', ')
}

/** The columns of an inferred schema, one per line. */
export const showInferred = ({ columns, rows }: InferredSchema): string =>
  [
    table(
      ['column', 'kind', 'labels or range', 'missing', 'remark'],
      columns.map(({ column, kind, values, missing, remark = '' }) => [
        column === '' ? "''" : column,
        kind,
        shown(values),
        thousands(missing),
        remark,
      ]),
      [3],
    ),
    `${thousands(rows)} ${rows === 1 ? 'row' : 'rows'}`,
  ].join('\n')
