/// <reference types="node" />
// A folder of checkpoints: checkpoint-000000120.safetensors is the one of step 120, best.safetensors the best.
import { join } from 'node:path'
import * as E from '#fp/Either'
import * as O from '#fp/Option'
import type { TaskEither } from '#fp/TaskEither'
import { type Expected, statePieces } from '../codec/bytes.ts'
import { decodeCheckpoint, type Saved } from '../codec/checkpoint.ts'
import { FileError, FormatError } from '../error/fileError.ts'
import { checkOptions } from '../error/options.ts'
import { ValueError } from '../error/tensorError.ts'
import { describe } from '../tensor/data.ts'
import { checksum } from './checksum.ts'
import { attempt, type Disk, disk } from './disk.ts'
import { openFolder, readBytes, replaceFile, task } from './durable.ts'
import { cut } from './pieces.ts'

/** The location of a checkpoint. */
export interface CheckpointFile {
  readonly step: number
  readonly path: string
}

export interface SaveOptions {
  /**
   * The number of latest checkpoints to keep, at least 1; 3 by default. Checkpoints of later steps and the best one are
   * kept too.
   */
  readonly keep?: number | undefined
  /** True if this is the best checkpoint so far: it is kept as `best.safetensors` until there is a better one. */
  readonly best?: boolean | undefined
  /** Further data to restore when the run resumes: records and arrays of tensors and JSON values. */
  readonly extra?: unknown
}

const bestName = 'best.safetensors'
const nameOf = (step: number): string => `checkpoint-${String(step).padStart(9, '0')}.safetensors`
const pattern = /^checkpoint-(\d{9,16})\.safetensors$/

/** The checkpoints of a folder by number, the first step first; empty for a folder that does not exist. */
const filesIn = async (folder: string, d: Disk): Promise<readonly CheckpointFile[]> => {
  const names = await attempt('read the folder', folder, () => d.list(folder)).catch((e) => {
    if (e instanceof FileError && e.reason === 'ENOENT') return []
    throw e
  })
  return names
    .flatMap((name) => {
      const [, digits] = pattern.exec(name) ?? []
      return digits === undefined ? [] : [{ step: Number(digits), path: join(folder, name) }]
    })
    .sort((a, b) => a.step - b.step)
}

/** Checks the options; returns the number of checkpoints to keep. */
const checkSave = (training: { readonly step: number }, options: SaveOptions): number => {
  const op = 'saveCheckpoint'
  checkOptions(op, options, ['keep', 'best', 'extra'])
  const step = (training as typeof training | null | undefined)?.step
  if (!Number.isSafeInteger(step) || (step as number) < 0)
    throw new ValueError({
      op,
      expected: 'a run with a step from 0',
      actual: describe(step ?? training),
      code: 'wrong-argument',
    })
  const { keep = 3 } = options
  if (keep !== Number.POSITIVE_INFINITY && !(Number.isSafeInteger(keep) && keep >= 1))
    throw new ValueError({ op, expected: 'to keep at least 1 checkpoint', actual: `${keep}` })
  return keep
}

/** `saveCheckpoint` on a given disk. */
export const writeCheckpoint = async <T extends { readonly step: number }>(
  folder: string,
  training: T,
  options: SaveOptions = {},
  d: Disk = disk,
): Promise<CheckpointFile> => {
  const keep = checkSave(training, options)
  const { step } = training
  const { best = false, extra = null } = options
  const pieces = cut(statePieces('saveCheckpoint', { training, extra } satisfies Saved<T, unknown>, checksum))
  await openFolder(folder, d)
  const path = join(folder, nameOf(step))
  // The best one is written first: a run killed in between resumes from an earlier step and writes it again.
  if (best) await replaceFile(join(folder, bestName), pieces, d)
  await replaceFile(path, pieces, d)
  const before = (await filesIn(folder, d)).filter((file) => file.step < step)
  // A file that another process has already removed is gone as well.
  for (const old of before.slice(0, Math.max(0, before.length - keep + 1)))
    await attempt('remove', old.path, () => d.remove(old.path))
  return { step, path }
}

/**
 * Saves a training run to a folder, created if needed, as the checkpoint of its step; checkpoints older than the last
 * `keep` are removed. Once the task is done the checkpoint survives the end of the process and a power failure; until
 * then, earlier checkpoints stay intact. Two processes may save to one folder. The same run gives the same bytes. When
 * a run goes back to an earlier step, remove the checkpoints of later steps, or use another folder.
 *
 * @example
 * import { mkdtempSync } from 'node:fs'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 * import { adam, key, linear, start } from 'pullback'
 * import { loadCheckpoint, saveCheckpoint } from 'pullback/node'
 * const [net, optimizer] = [linear(3, 2), adam(1e-3)]
 * const folder = mkdtempSync(join(tmpdir(), 'pullback-'))
 * await saveCheckpoint(folder, start(net, optimizer, key(0)), { extra: { seen: ['a'] } })()
 * const found = await loadCheckpoint(folder, start(net, optimizer, key(1)))()
 * found._tag === 'Right' && found.right.training.key // => [0, 0]
 * found._tag === 'Right' && found.right.extra // => { seen: ['a'] }
 */
export const saveCheckpoint = <T extends { readonly step: number }>(
  folder: string,
  training: T,
  options: SaveOptions = {},
): TaskEither<FileError, CheckpointFile> =>
  task(() => writeCheckpoint(folder, training, options)) as TaskEither<FileError, CheckpointFile>

/**
 * The location of the checkpoint with the highest step in a folder; `none` if there is no checkpoint or no folder.
 *
 * @example
 * import * as O from 'fp-ts/lib/Option.js'
 * import { latestCheckpoint } from 'pullback/node'
 * const found = await latestCheckpoint('no/such/folder')()
 * found._tag === 'Right' && O.isNone(found.right) // => true
 */
export const latestCheckpoint = (folder: string): TaskEither<FileError, O.Option<CheckpointFile>> =>
  task(async () => O.fromNullable((await filesIn(folder, disk)).at(-1))) as TaskEither<
    FileError,
    O.Option<CheckpointFile>
  >

export interface LoadOptions<X> {
  /** The checkpoint to load: that of the highest step (the default), the best, or that of a given step. */
  readonly which?: 'latest' | 'best' | number | undefined
  /** The expected type of the extra data: a template, or an io-ts codec; unchecked by default. */
  readonly extra?: Expected<X> | undefined
}

/** A loaded checkpoint and its location. */
export interface Checkpoint<T, X> extends Saved<T, X> {
  readonly path: string
}

const none = (folder: string, what: string): FileError =>
  new FileError({
    action: 'load a checkpoint',
    file: folder,
    reason: 'ENOENT',
    actual: `it has ${what}`,
    remedy: 'check the path, or begin a run with start and save it',
  })

/** The requested file, and the one before it. */
const find = async (
  folder: string,
  which: 'latest' | 'best' | number,
  d: Disk,
): Promise<{ readonly path: string; readonly before: CheckpointFile | undefined }> => {
  const files = await filesIn(folder, d)
  if (which === 'best') return { path: join(folder, bestName), before: files.at(-1) }
  const at = which === 'latest' ? files.length - 1 : files.findIndex(({ step }) => step === which)
  const found = files[at]
  if (found === undefined) throw none(folder, which === 'latest' ? 'none' : `none of step ${which}`)
  return { path: found.path, before: files[at - 1] }
}

/** `loadCheckpoint` from a given disk. */
export const readCheckpoint = async <T, X>(
  folder: string,
  template: Expected<T>,
  options: LoadOptions<X> = {},
  d: Disk = disk,
): Promise<Checkpoint<T, X>> => {
  checkOptions('loadCheckpoint', options, ['which', 'extra'])
  const { which = 'latest', extra } = options
  if (which !== 'latest' && which !== 'best' && !Number.isSafeInteger(which))
    throw new ValueError({
      op: 'loadCheckpoint',
      expected: "which to be 'latest', 'best' or a step",
      actual: describe(which),
      code: 'unknown-choice',
    })
  for (let tries = 1; ; tries++) {
    const { path, before } = await find(folder, which, d)
    try {
      const found = decodeCheckpoint(template, extra, checksum)(await readBytes(path, d))
      if (E.isRight(found)) return { ...found.right, path }
      const { left } = found
      const isDamaged = left.reason !== 'Mismatch' && left.reason !== 'OtherVersion' && before !== undefined
      const remedy = isDamaged ? `the file is damaged: remove it to go on from ${before.path}` : left.remedy
      throw new FormatError({ ...left, file: path, remedy })
    } catch (e) {
      // Another process may have removed it since the folder was read; then there is a later one.
      if (!(e instanceof FileError && e.reason === 'ENOENT' && which === 'latest' && tries < 10)) throw e
    }
  }
}

/**
 * Loads a run from a folder of checkpoints: by default the one with the highest step. The expected structure is given
 * by a template, the start of a run of the same layer and optimizer, or by an io-ts codec. A run resumed from it gives
 * the same bits as one that was never interrupted. A damaged file, or one of another network, is a `FormatError`; a
 * missing one a `FileError`.
 *
 * @example
 * import { adam, key, linear, start } from 'pullback'
 * import { loadCheckpoint } from 'pullback/node'
 * const found = await loadCheckpoint('no/such/folder', start(linear(3, 2), adam(), key(0)))()
 * found._tag === 'Left' && found.left._tag // => 'FileError'
 */
export const loadCheckpoint = <T, X = unknown>(
  folder: string,
  template: Expected<T>,
  options: LoadOptions<X> = {},
): TaskEither<FileError | FormatError, Checkpoint<T, X>> => task(() => readCheckpoint(folder, template, options))
