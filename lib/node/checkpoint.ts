/// <reference types="node" />
// A folder of checkpoints: checkpoint-000000120.safetensors is that of step 120, best.safetensors the best.
import { join } from 'node:path'
import * as E from '#fp/Either'
import * as O from '#fp/Option'
import type { TaskEither } from '#fp/TaskEither'
import { type Expected, encodeState } from '../codec/bytes.ts'
import { decodeCheckpoint, type Saved } from '../codec/checkpoint.ts'
import { FileError, FormatError } from '../error/fileError.ts'
import { checkOptions } from '../error/options.ts'
import { ValueError } from '../error/tensorError.ts'
import { describe } from '../tensor/data.ts'
import { checksum } from './checksum.ts'
import { attempt, type Disk, disk } from './disk.ts'
import { openFolder, readBytes, replaceFile, task } from './durable.ts'

/** Where a checkpoint lies. */
export interface CheckpointFile {
  readonly step: number
  readonly path: string
}

export interface SaveOptions {
  /** How many of the last checkpoints stay, from 1; 3 if not given. Later ones than this, and the best, are left alone. */
  readonly keep?: number | undefined
  /** Whether this is the best so far: then it stays, as `best.safetensors`, until there is a better one. */
  readonly best?: boolean | undefined
  /** Whatever else is to be there when the run goes on: records and arrays of tensors and of JSON. */
  readonly extra?: unknown
}

const bestName = 'best.safetensors'
const nameOf = (step: number): string => `checkpoint-${String(step).padStart(9, '0')}.safetensors`
const pattern = /^checkpoint-(\d{9,16})\.safetensors$/

/** The checkpoints of a folder by number, the first step first. There are none in a folder that does not exist. */
const filesIn = async (folder: string, d: Disk): Promise<readonly CheckpointFile[]> => {
  const names = await attempt('read the folder', folder, () => d.list(folder)).catch((e) => {
    if (e instanceof FileError && e.code === 'ENOENT') return []
    throw e
  })
  return names
    .flatMap((name) => {
      const [, digits] = pattern.exec(name) ?? []
      return digits === undefined ? [] : [{ step: Number(digits), path: join(folder, name) }]
    })
    .sort((a, b) => a.step - b.step)
}

/** How many checkpoints are to stay. */
const checkSave = (training: { readonly step: number }, options: SaveOptions): number => {
  const op = 'saveCheckpoint'
  checkOptions(op, options, ['keep', 'best', 'extra'])
  const step = (training as typeof training | null | undefined)?.step
  if (!Number.isSafeInteger(step) || (step as number) < 0)
    throw new ValueError({ op, expected: 'a run with a step from 0', actual: describe(step ?? training) })
  const { keep = 3 } = options
  if (keep !== Number.POSITIVE_INFINITY && !(Number.isSafeInteger(keep) && keep >= 1))
    throw new ValueError({ op, expected: 'to keep at least 1 checkpoint', actual: `${keep}` })
  return keep
}

/** As `saveCheckpoint`, on some disk. */
export const writeCheckpoint = async <T extends { readonly step: number }>(
  folder: string,
  training: T,
  options: SaveOptions = {},
  d: Disk = disk,
): Promise<CheckpointFile> => {
  const keep = checkSave(training, options)
  const { step } = training
  const { best = false, extra = null } = options
  const bytes = encodeState('saveCheckpoint', { training, extra } satisfies Saved<T, unknown>, checksum)
  await openFolder(folder, d)
  const path = join(folder, nameOf(step))
  // The best first: a run that is killed in between goes on from before it, and comes by it again.
  if (best) await replaceFile(join(folder, bestName), bytes, d)
  await replaceFile(path, bytes, d)
  const before = (await filesIn(folder, d)).filter((file) => file.step < step)
  // What another process has removed already is gone as well.
  for (const old of before.slice(0, Math.max(0, before.length - keep + 1)))
    await attempt('remove', old.path, () => d.remove(old.path))
  return { step, path }
}

/**
 * Saves a training run to a folder, which is made where there is none, as the checkpoint of its step; older ones than the last `keep` are removed.
 * Once the task is done the checkpoint stays even if the process is killed or the power goes; before, those saved earlier are whole.
 * Two processes may save to one folder. The same run gives the same bytes. When a run goes back to an earlier step, remove what lies
 * after it, or take another folder.
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
 * Where the checkpoint of the highest step lies in a folder; none if there are none, or no folder.
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
  /** Which checkpoint: that of the highest step if nothing is said, the best, or that of a step. */
  readonly which?: 'latest' | 'best' | number | undefined
  /** What was saved beside the run: a template, or an io-ts codec. Whatever it is, if not given. */
  readonly extra?: Expected<X> | undefined
}

/** A checkpoint as it was saved, and where it lies. */
export interface Checkpoint<T, X> extends Saved<T, X> {
  readonly path: string
}

const none = (folder: string, what: string): FileError =>
  new FileError({
    action: 'load a checkpoint',
    file: folder,
    code: 'ENOENT',
    actual: `it has ${what}`,
    remedy: 'check the path, or begin a run with start and save it',
  })

/** The file that is asked for, and what lies before it. */
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

/** As `loadCheckpoint`, from some disk. */
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
      // Another process may have removed it since the folder was read: there is a later one then.
      if (!(e instanceof FileError && e.code === 'ENOENT' && which === 'latest' && tries < 10)) throw e
    }
  }
}

/**
 * Loads a run from a folder of checkpoints: the one of the highest step unless another is asked for. What it is to hold is told by a template, the
 * beginning of a run of the same layer and optimizer, or by an io-ts codec. A run that goes on from it gives the same bits as one that was never
 * interrupted. A damaged file, or one of another network, is a `FormatError`; a missing one a `FileError`.
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
