import * as E from '#fp/Either'
import { FormatError } from '../error/fileError.ts'

/** Runs a function and returns a thrown `FormatError` on the left; other errors are thrown. */
export const formatted = <A>(f: () => A): E.Either<FormatError, A> => {
  try {
    return E.right(f())
  } catch (e) {
    if (e instanceof FormatError) return E.left(e)
    throw e
  }
}
