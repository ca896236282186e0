/** A cell as it was read: a text or a JSON value; undefined if there is none. */
export type Cell = string | number | boolean | undefined

/** A row as it was read, and the line of the file in which it begins. */
export interface Row {
  readonly line: number
  readonly cells: readonly Cell[]
}

/** Some rows, with the names of their columns. If names are found while reading, later rows have more of them. */
export interface Rows {
  readonly names: readonly string[]
  readonly rows: readonly Row[]
}

/**
 * The largest number of characters in a row: without it, a quote that is never closed, or a file without line ends,
 * would fill the memory.
 */
export const mostOfRow = 1 << 22
