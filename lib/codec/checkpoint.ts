import * as t from 'io-ts'
import type * as E from '#fp/Either'
import type { FormatError } from '../error/fileError.ts'
import { asCodec, decodeState, type Expected } from './bytes.ts'
import type { Checksum } from './crc32.ts'

/** The content of a checkpoint: a training run, and further data. */
export interface Saved<T, X> {
  readonly training: T
  /** Further data to restore when the run resumes: its history, the best parameters so far, when to stop. */
  readonly extra: X
}

/** Reads a checkpoint from its bytes. */
export const decodeCheckpoint = <T, X>(
  training: Expected<T>,
  extra: Expected<X> | undefined,
  checksum: Checksum,
): ((bytes: Uint8Array) => E.Either<FormatError, Saved<T, X>>) => {
  const beside = extra === undefined ? t.unknown : asCodec(extra)
  return decodeState<Saved<T, X>>(
    t.type({ training: asCodec(training) as t.Type<T>, extra: beside as t.Type<X> }) as unknown as Expected<
      Saved<T, X>
    >,
    checksum,
  )
}
