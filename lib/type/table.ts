/** A column of numbers. A missing one is an error unless a number is given for it, or the mean of the column in the training part. */
export interface NumberColumn {
  readonly kind: 'number'
  readonly missing?: number | 'mean' | undefined
}

/** A column of labels, in alphabetical order; those that occur where none are given. A missing one may be given a label. */
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

/** A column that is passed over. It may be absent. */
export interface IgnoredColumn {
  readonly kind: 'ignored'
}

/** How a column is read. */
export type Column = NumberColumn | CategoryColumn | BooleanColumn | IgnoredColumn

/** What the rows of a table say about a column. */
export interface InferredColumn {
  readonly column: string
  readonly kind: Column['kind']
  /** The labels, or the least and the largest number. */
  readonly values: readonly string[] | readonly [least: number, largest: number]
  readonly missing: number
  /** Why it is ignored, or to be looked at. */
  readonly remark?: string | undefined
}

/** A schema made by looking at all rows, with what was seen. `show` prints it as a table. */
export interface InferredSchema {
  readonly _tag: 'InferredSchema'
  readonly schema: { readonly [column: string]: Column }
  readonly columns: readonly InferredColumn[]
  readonly rows: number
}
