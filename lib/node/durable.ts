/// <reference types="node" />
// Files that are replaced atomically: a reader sees the old bytes or the new, whatever happens in between.
import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'
import * as E from '#fp/Either'
import type { TaskEither } from '#fp/TaskEither'
import { FileError, FormatError } from '../error/fileError.ts'
import { StructureError } from '../error/tensorError.ts'
import { describe } from '../tensor/data.ts'
import { released } from '../tensor/released.ts'
import { attempt, type Disk, type Draft, disk, standing } from './disk.ts'
import { behind, cut, firstOf } from './pieces.ts'

/** Asked for when a file is written: on import, Deno would refuse it. */
const host = (): string => hostname().replace(/[^\w-]/g, '_')
/** The name of a draft holds the name of its file and its writer. */
const draftName = /^\..+\.([\w-]+)\.(\d+)\.[0-9a-f]{12}\.tmp$/
const day = 24 * 60 * 60 * 1000

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch (e) {
    return (e as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/**
 * True for a draft that nobody will finish: its writer is dead, or an earlier process of the same number; on another
 * host, after a day.
 */
const isAbandoned = async (d: Disk, path: string): Promise<boolean> => {
  const [, machine, id] = draftName.exec(basename(path)) ?? []
  if (id === undefined) return false
  const pid = Number(id)
  if (machine === host() && pid !== process.pid && !isAlive(pid)) return true
  const written = await d.written(path)
  return machine === host() && pid === process.pid
    ? written < Date.now() - 1000 * process.uptime()
    : written < Date.now() - day
}

/**
 * Removes the drafts left in a folder by killed processes. Drafts that cannot be removed stay, since they do no harm.
 */
export const sweep = async (folder: string, d: Disk = disk): Promise<void> => {
  const names = await d.list(folder).catch(() => [])
  for (const name of names) {
    const path = join(folder, name)
    if (await isAbandoned(d, path).catch(() => false)) await d.remove(path).catch(() => undefined)
  }
}

/** Writes all pieces, of which none is empty unless its array has been transferred to another thread meanwhile. */
const writeAll = async (file: string, draft: Draft, pieces: readonly Uint8Array[]): Promise<void> => {
  for (let rest = pieces; rest.length > 0; ) {
    const some = firstOf(rest)
    if (some.some(({ length }) => length === 0)) throw released('save', true)
    rest = behind(rest, await attempt('write', file, () => draft.write(some)))
  }
}

/**
 * Replaces a file durably: afterwards the new bytes survive a power failure, and until then the old ones are intact. A
 * draft in the same folder is written and synchronized, put in the file's place, and the folder synchronized. After any
 * failure the draft is removed. The pieces are those of `cut`; they are read until the end, so nobody may write to them.
 * The new file has the given permissions, if there are any.
 */
export const replaceFile = async (
  file: string,
  pieces: readonly Uint8Array[],
  d: Disk = disk,
  mode?: number,
): Promise<void> => {
  const folder = dirname(file)
  const path = join(folder, `.${basename(file)}.${host()}.${process.pid}.${randomBytes(6).toString('hex')}.tmp`)
  const draft = await attempt('create', file, () => d.create(path, mode))
  try {
    try {
      await writeAll(file, draft, pieces)
      // A failed write may show only here; the data is lost then, and a retry would hide it.
      await attempt('sync', file, draft.sync)
    } finally {
      await attempt('close', file, draft.close)
    }
    await attempt('rename', file, () => d.rename(path, file))
  } catch (e) {
    await d.remove(path).catch(() => undefined)
    throw e
  }
  await attempt('sync the folder of', file, () => d.syncFolder(folder))
}

/** Makes a folder durably, and removes abandoned drafts from it. */
export const openFolder = async (folder: string, d: Disk = disk): Promise<void> => {
  const around = await attempt('make the folder', folder, () => d.makeFolder(folder))
  if (around === undefined) return sweep(folder, d)
  for (let f = dirname(folder); ; f = dirname(f)) {
    await attempt('sync', f, () => d.syncFolder(f))
    if (f === around || f === dirname(f)) return
  }
}

/**
 * Replaces a file durably, in a folder that is made if it is missing. A link stays, and its file is replaced, whose
 * permissions stay.
 */
export const savePieces = async (file: string, pieces: readonly Uint8Array[]): Promise<void> => {
  const parts = cut(pieces)
  const { path = file, mode } = (await attempt('replace', file, () => standing(file))) ?? {}
  await openFolder(dirname(path))
  await replaceFile(path, parts, disk, mode)
}

/** A task with failures of files and formats on the left; mistakes in the program are thrown. */
export const task =
  <A>(f: () => Promise<A>): TaskEither<FileError | FormatError, A> =>
  async () => {
    try {
      return E.right(await f())
    } catch (e) {
      if (e instanceof FileError || e instanceof FormatError) return E.left(e)
      throw e
    }
  }

/**
 * Replaces a file by bytes, durably: a reader, even after a crash, finds the old bytes or the new ones, complete; once
 * the task is done, the new ones. Missing folders are created. A link stays, and its file is replaced,
 * whose permissions stay. A device or a pipe is a `FileError`.
 *
 * @example
 * import { mkdtempSync } from 'node:fs'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 * import { loadBytes, saveBytes } from 'pullback/node'
 * const file = join(mkdtempSync(join(tmpdir(), 'pullback-')), 'some', 'file')
 * await saveBytes(file, Uint8Array.of(1, 2, 3))()
 * const found = await loadBytes(file)()
 * found._tag === 'Right' && [...found.right] // => [1, 2, 3]
 */
export const saveBytes = (file: string, bytes: Uint8Array): TaskEither<FileError, void> =>
  task(async () => {
    if (!(bytes instanceof Uint8Array))
      throw new StructureError({ op: 'saveBytes', expected: 'bytes, a Uint8Array', actual: describe(bytes) })
    await savePieces(file, [bytes])
  }) as TaskEither<FileError, void>

/** The bytes of a file. */
export const readBytes = (file: string, d: Disk = disk): Promise<Uint8Array> =>
  attempt('read', file, () => d.read(file))

/**
 * Reads the bytes of a file, or of a pipe to its end. A device, which has no end, is a `FileError`.
 *
 * @example
 * import { loadBytes } from 'pullback/node'
 * const found = await loadBytes('no/such/file')()
 * found._tag === 'Left' && found.left.reason // => 'ENOENT'
 */
export const loadBytes = (file: string): TaskEither<FileError, Uint8Array> =>
  task(() => readBytes(file)) as TaskEither<FileError, Uint8Array>
