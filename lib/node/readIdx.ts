/// <reference types="node" />
import { readFile } from 'node:fs/promises'
import type { NdArray } from 'ndarray'
import { pipe } from '#fp/function'
import type { ReadonlyNonEmptyArray } from '#fp/ReadonlyNonEmptyArray'
import * as TE from '#fp/TaskEither'
import { decodeIdx, type IdxData } from '../codec/idx.ts'
import type { Issue } from '../codec/issue.ts'
import { difference } from '../error/issue.ts'

/**
 * Reads an IDX file (see `decodeIdx`): the array, or issues with the name of the file.
 */
export const readIdx = (path: string): TE.TaskEither<ReadonlyNonEmptyArray<Issue>, NdArray<IdxData>> =>
  pipe(
    TE.tryCatch(
      () => readFile(path),
      (e): ReadonlyNonEmptyArray<Issue> => [
        difference('Invalid', path, e instanceof Error ? e.message : String(e), 'file-access'),
      ],
    ),
    TE.chainEitherK(decodeIdx),
    TE.mapLeft(([first, ...others]) => [{ ...first, path }, ...others]),
  )
