/** Rows of text in aligned columns, a rule under the heading. Columns named in `right` are set flush right. */
export const table = (
  heading: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
): string => {
  const all = [heading, ...rows]
  const widths = heading.map((_, i) => all.reduce((most, row) => Math.max(most, (row[i] ?? '').length), 0))
  const line = (row: readonly string[]): string =>
    widths
      .map((width, i) => (right.includes(i) ? (row[i] ?? '').padStart(width) : (row[i] ?? '').padEnd(width)))
      .join('  ')
      .trimEnd()
  return [line(heading), widths.map((width) => '─'.repeat(width)).join('  '), ...rows.map(line)].join('\n')
}

/** A whole number with separated thousands: 101,770. */
export const thousands = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ',')
