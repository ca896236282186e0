import { StructureError } from '../error/tensorError.ts'

/**
 * The results of a run, epoch by epoch: a record of columns with one number per epoch. `epoch`, `step` and `seconds`
 * are always there, and so is `loss`, the mean over the training examples computed while training; results on the
 * validation part have the prefix `validation.`.
 */
export type History = { readonly [column: string]: readonly number[] }

/** A history without epochs. */
export const emptyHistory: History = Object.freeze({ epoch: [], step: [], seconds: [], loss: [] })

/** A history with one more epoch. A row with other columns than the history is a `StructureError`. */
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
      code: 'structure-mismatch',
      remedy: 'resume with the metrics and the validation part that the run started with',
    })
  return Object.fromEntries(
    names.map((name) => [name, [...(isFirst ? [] : (history[name] ?? [])), row[name] as number]]),
  )
}

/** The numbers of a column. A column that does not exist is an error that lists the existing ones. */
export const columnOf = (op: string, history: History, column: string): readonly number[] => {
  if (Object.hasOwn(history, column)) return history[column] as readonly number[]
  throw new StructureError({
    op,
    expected: `one of the columns ${Object.keys(history).join(', ')}`,
    actual: `'${column}'`,
    code: 'unknown-name',
    remedy: column.startsWith('validation.') ? 'give `fit` a validation part' : undefined,
  })
}
