import type { ReadonlyNonEmptyArray } from '#fp/ReadonlyNonEmptyArray'
import * as TE from '#fp/TaskEither'
import { TensorError } from '../error/tensorError.ts'
import { TableError, type TableIssue, tableIssue } from './issue.ts'

/** The issues behind an error thrown while a table was read, by the readers or by the source itself. */
export const issuesOf = (e: unknown): ReadonlyNonEmptyArray<TableIssue> => {
  if (e instanceof TableError) return e.issues
  const actual = e instanceof Error ? e.message : String(e)
  return [tableIssue({ _tag: 'BadFile', expected: 'a source that can be read', actual })]
}

/** The work as a `TaskEither`. A mistake in the program, such as an unknown option, is thrown. */
export const attempt = <A>(work: () => Promise<A>): TE.TaskEither<ReadonlyNonEmptyArray<TableIssue>, A> =>
  TE.tryCatch(work, (e) => {
    if (e instanceof TensorError) throw e
    return issuesOf(e)
  })
