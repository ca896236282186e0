/** A cell as it was read: a text, or what JSON holds; undefined where there is none. */
export type Cell = string | number | boolean | undefined

/** A row as it was read, and the line of the file in which it begins. */
export interface Row {
  readonly line: number
  readonly cells: readonly Cell[]
}

/** Some rows, with the names of their columns. Where names are found along the way, later rows have more of them. */
export interface Rows {
  readonly names: readonly string[]
  readonly rows: readonly Row[]
}

/** The most characters of a row: a quote that is never closed, or a file without line ends, would take up all memory. */
export const mostOfRow = 1 << 22
