// A table that grows by columns: a row for each case, a column for each engine.
import { table } from '../../lib/text/table.ts'

export type Cells = Readonly<Record<string, string>>

export const columns = (what: string, found: Readonly<Record<string, Cells>>): string => {
  const heads = Object.keys(found)
  const rows = [...new Set(Object.values(found).flatMap((cells) => Object.keys(cells)))]
  return table(
    [what, ...heads],
    rows.map((row) => [row, ...heads.map((head) => found[head]?.[row] ?? '')]),
    heads.map((_, i) => i + 1),
  )
}
