import { StructureError } from '../error/tensorError.ts'

/**
 * What a run has told, epoch by epoch: a record of columns, each with a number for each epoch. `epoch`, `step` and `seconds` are always
 * there, and so is `loss`, the mean over the training examples as they were learnt from; what was found on the validation part has the
 * prefix `validation.`.
 */
export type History = { readonly [column: string]: readonly number[] }

/** A history of no epochs. */
export const emptyHistory: History = Object.freeze({ epoch: [], step: [], seconds: [], loss: [] })

/** A history with one more epoch. A column that the history lacks, or one that is not given, is a `StructureError`. */
export const recorded = (history: History, row: { readonly [column: string]: number }): History => {
  const names = Object.keys(row)
  const isFirst = (history.epoch ?? []).length === 0
  const columns = isFirst ? names : Object.keys(history)
  const differs = names.length !== columns.length || columns.some((name) => !Object.hasOwn(row, name))
  if (differs)
    throw new StructureError({
      op: 'fit',
      expected: `the columns of the history so far, ${columns.join(', ')}`,
      actual: names.join(', '),
      remedy: 'go on with the metrics and the validation part that the run began with',
    })
  return Object.fromEntries(
    names.map((name) => [name, [...(isFirst ? [] : (history[name] ?? [])), row[name] as number]]),
  )
}

/** The numbers of a column. A column that is not there is an error that lists those that are. */
export const columnOf = (op: string, history: History, column: string): readonly number[] => {
  if (Object.hasOwn(history, column)) return history[column] as readonly number[]
  throw new StructureError({
    op,
    expected: `one of the columns ${Object.keys(history).join(', ')}`,
    actual: `'${column}'`,
    remedy: column.startsWith('validation.') ? 'give `fit` a validation part' : undefined,
  })
}
