/**
 * A column of numbers. A missing number is an error unless a replacement is given: a number, or the column's mean in
 * the training part.
 */
export interface NumberColumn {
  readonly kind: 'number'
  readonly missing?: number | 'mean' | undefined
}

/**
 * A column of labels in alphabetical order; without a list, those that occur. A replacement for missing labels may be
 * given.
 */
export interface CategoryColumn {
  readonly kind: 'category'
  readonly labels?: readonly string[] | undefined
  readonly missing?: string | undefined
}

/** A column of `true` and `false`, or 1 and 0. */
export interface BooleanColumn {
  readonly kind: 'boolean'
  readonly missing?: boolean | undefined
}

/** A column that is skipped. It may be absent. */
export interface IgnoredColumn {
  readonly kind: 'ignored'
}

/** How a column is read. */
export type Column = NumberColumn | CategoryColumn | BooleanColumn | IgnoredColumn

/** The column that the rows of a table suggest. */
export interface InferredColumn {
  readonly column: string
  readonly kind: Column['kind']
  /** The labels, or the least and the largest number. */
  readonly values: readonly string[] | readonly [least: number, largest: number]
  readonly missing: number
  /** Why the column is ignored or needs a look. */
  readonly remark?: string | undefined
}

/** A schema inferred from all rows, with the evidence for it. `show` prints it as a table. */
export interface InferredSchema {
  readonly _tag: 'InferredSchema'
  readonly schema: { readonly [column: string]: Column }
  readonly columns: readonly InferredColumn[]
  readonly rows: number
}
