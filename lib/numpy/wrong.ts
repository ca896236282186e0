import { type Limits, toRaise } from '../codec/limits.ts'
import { FormatError, type FormatReason } from '../error/fileError.ts'

export interface Place {
  readonly byte?: number | undefined
  readonly entry?: string | undefined
  readonly remedy?: string | undefined
}

/** An error about the bytes of one format. */
export type Wrong = (reason: FormatReason, expected: string, actual: string, place?: Place) => FormatError

/** The error for the bytes of an array, which may be an entry of an archive. */
export const wrongArray =
  (entry: string | undefined): Wrong =>
  (reason, expected, actual, place = {}) =>
    new FormatError({ format: 'npy', reason, expected, actual, entry, ...place })

/** The error for the bytes of an archive. */
export const wrongArchive: Wrong = (reason, expected, actual, place = {}) =>
  new FormatError({ format: 'npz', reason, expected, actual, ...place })

/** Checks the size of a file, before it is read. */
export const checkTotal = (wrong: Wrong, total: number, { bytes }: Limits): void => {
  if (total > bytes)
    throw wrong('TooLarge', `a file of at most ${bytes} bytes`, `${total}`, { byte: 0, remedy: toRaise('bytes') })
}
