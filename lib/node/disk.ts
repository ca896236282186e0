/// <reference types="node" />
// The few calls of the file system by which files are replaced, so that a spec can stand in for them and stop between any two.
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { FileError } from '../error/fileError.ts'

/** A new file that is being written. */
export interface Draft {
  /** Writes some of the bytes, from an offset on; how many. */
  readonly write: (bytes: Uint8Array, from: number) => Promise<number>
  /** Returns when what has been written is on the disk. */
  readonly sync: () => Promise<void>
  readonly close: () => Promise<void>
}

export interface Disk {
  /** A file that was not there before. */
  readonly create: (path: string) => Promise<Draft>
  readonly read: (path: string) => Promise<Uint8Array>
  /** Puts a file in the place of another, whole. */
  readonly rename: (from: string, to: string) => Promise<void>
  readonly remove: (path: string) => Promise<void>
  readonly list: (folder: string) => Promise<readonly string[]>
  /** When a file was last written, in milliseconds. */
  readonly written: (path: string) => Promise<number>
  /** Makes a folder, and those around it that are missing; the innermost one that was there, if any had to be made. */
  readonly makeFolder: (path: string) => Promise<string | undefined>
  /** Returns when the names in a folder are on the disk. */
  readonly syncFolder: (folder: string) => Promise<void>
}

const isWindows = process.platform === 'win32'
const isHeld = (e: unknown): boolean => ['EPERM', 'EACCES', 'EBUSY'].includes((e as NodeJS.ErrnoException).code ?? '')

/** On Windows somebody who reads the file, or looks it through for viruses, keeps it from being replaced for a moment. */
const replace = async (from: string, to: string): Promise<void> => {
  for (let wait = 10; ; wait *= 2)
    try {
      return await rename(from, to)
    } catch (e) {
      if (!isWindows || !isHeld(e) || wait > 1000) throw e
      await new Promise((resolve) => setTimeout(resolve, wait))
    }
}

/** One by one: of a disk that is read-only, `recursive` says no more than that there is no such folder. */
const makeFolder = async (path: string): Promise<string | undefined> => {
  try {
    if ((await stat(path)).isDirectory()) return undefined
  } catch {
    const around = dirname(path)
    const outer = around === path ? undefined : await makeFolder(around)
    try {
      await mkdir(path)
    } catch (e) {
      if ((e as NodeJS.ErrnoException).code !== 'EEXIST') throw e // another process may have made it by now
    }
    return outer ?? around
  }
  throw Object.assign(new Error(`ENOTDIR: not a directory, '${path}'`), { code: 'ENOTDIR' })
}

/** Windows lets no folder be opened, nor needs it. */
const syncFolder = async (folder: string): Promise<void> => {
  if (isWindows) return
  const opened = await open(folder, 'r')
  try {
    await opened.sync()
  } finally {
    await opened.close()
  }
}

/** Node reads and writes at most 2 GiB at a time, and `readFile` no larger file at all. */
const piece = 2 ** 28

const read = async (path: string): Promise<Uint8Array> => {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const bytes = new Uint8Array(size)
    for (let at = 0; at < size; ) {
      const { bytesRead } = await file.read(bytes, at, Math.min(piece, size - at))
      if (bytesRead === 0) return bytes.subarray(0, at) // it has become shorter
      at += bytesRead
    }
    return bytes
  } finally {
    await file.close()
  }
}

/** The machine's own. */
export const disk: Disk = {
  create: async (path) => {
    const file = await open(path, 'wx', 0o666)
    return {
      write: async (bytes, from) => (await file.write(bytes, from, Math.min(piece, bytes.length - from))).bytesWritten,
      sync: () => file.sync(),
      close: () => file.close(),
    }
  },
  read,
  rename: replace,
  remove: (path) => rm(path, { force: true }),
  list: (folder) => readdir(folder),
  written: async (path) => (await stat(path)).mtimeMs,
  makeFolder,
  syncFolder,
}

const remedies: Readonly<Record<string, string>> = {
  ENOSPC: 'make room on the disk; the file that was there before is whole',
  EDQUOT: 'make room within the quota; the file that was there before is whole',
  EFBIG: 'raise the limit for the size of a file; the file that was there before is whole',
  EROFS: 'choose a folder on a disk that can be written to',
  EACCES: 'choose a folder that may be written to, or change its permissions',
  EPERM: 'choose a folder that may be written to, or change its permissions',
  ENOENT: 'check the path',
  ENOTDIR: 'check the path: a file stands where a folder should be',
  EISDIR: 'check the path: a folder stands where a file should be',
  EIO: 'the disk does not work as it should: save elsewhere',
  EMFILE: 'too many files are open at the same time',
}

/** Does something with a file; a failure of the system is a `FileError`. */
export const attempt = async <A>(action: string, file: string, f: () => Promise<A>): Promise<A> => {
  try {
    return await f()
  } catch (e) {
    if (!(e instanceof Error) || e instanceof FileError) throw e
    const { code = 'unknown', message } = e as NodeJS.ErrnoException
    throw new FileError({ action, file, code, actual: message, remedy: remedies[code] })
  }
}
