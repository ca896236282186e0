import * as t from 'io-ts'
import type * as E from '#fp/Either'
import type { FormatError } from '../error/fileError.ts'
import { asCodec, decodeState, type Expected } from './bytes.ts'
import type { Checksum } from './crc32.ts'

/** What a checkpoint holds: a training run, and whatever goes beside it. */
export interface Saved<T, X> {
  readonly training: T
  /** Whatever else is to be there when the run goes on: its history, the best parameters so far, when to stop. */
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
