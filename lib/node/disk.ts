/// <reference types="node" />
// The few file system calls needed to replace files, as an interface, so that a spec can stop between any two of them.
import { mkdir, open, readdir, readlink, realpath, rename, rm, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { FileError } from '../error/fileError.ts'

/** A new file that is being written. */
export interface Draft {
  /** Writes pieces, one behind the other, or as much of them as the system takes; returns the number of bytes. */
  readonly write: (pieces: readonly Uint8Array[]) => Promise<number>
  /** Resolves once the written bytes are on the disk. */
  readonly sync: () => Promise<void>
  readonly close: () => Promise<void>
}

export interface Disk {
  /** Creates a file that must not exist; with the permissions of another if they are given. */
  readonly create: (path: string, mode?: number) => Promise<Draft>
  readonly read: (path: string) => Promise<Uint8Array>
  /** Replaces a file by another, atomically. */
  readonly rename: (from: string, to: string) => Promise<void>
  readonly remove: (path: string) => Promise<void>
  readonly list: (folder: string) => Promise<readonly string[]>
  /** The time when a file was last written, in milliseconds. */
  readonly written: (path: string) => Promise<number>
  /** Makes a folder and its missing parents; returns the innermost one that existed, if any had to be made. */
  readonly makeFolder: (path: string) => Promise<string | undefined>
  /** Resolves once the names in a folder are on the disk. */
  readonly syncFolder: (folder: string) => Promise<void>
}

/** An error of the system, as Node has them. */
const refused = (code: string, message: string): Error => Object.assign(new Error(message), { code })

const isWindows = process.platform === 'win32'
const isHeld = (e: unknown): boolean => ['EPERM', 'EACCES', 'EBUSY'].includes((e as NodeJS.ErrnoException).code ?? '')

/** On Windows a reader or a virus scanner may block the replacement of a file for a moment. */
const replace = async (from: string, to: string): Promise<void> => {
  for (let wait = 10; ; wait *= 2)
    try {
      return await rename(from, to)
    } catch (e) {
      if (!isWindows || !isHeld(e) || wait > 1000) throw e
      await new Promise((resolve) => setTimeout(resolve, wait))
    }
}

/** Makes the folders one by one: on a read-only disk, `recursive` reports only a missing folder. */
const makeFolder = async (path: string): Promise<string | undefined> => {
  try {
    if ((await stat(path)).isDirectory()) return undefined
  } catch {
    const around = dirname(path)
    const outer = around === path ? undefined : await makeFolder(around)
    try {
      await mkdir(path)
    } catch (e) {
      if ((e as NodeJS.ErrnoException).code !== 'EEXIST') throw e // another process may have made it
    }
    return outer ?? around
  }
  throw refused('ENOTDIR', `ENOTDIR: not a directory, '${path}'`)
}

/**
 * The file that a path leads to, behind its links, and its permissions if it is there; undefined for a folder, or if
 * there is neither a file nor a link. A device or a pipe is an error: it would be replaced by a file, and whoever reads
 * from it would wait for ever.
 */
export const standing = async (
  path: string,
): Promise<{ readonly path: string; readonly mode?: number } | undefined> => {
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) {
    const to = await readlink(path).catch(() => undefined)
    return to === undefined ? undefined : { path: resolve(dirname(path), to) }
  }
  if (found.isDirectory()) return undefined
  if (!found.isFile()) throw refused('EINVAL', 'it is a device or a pipe')
  return { path: await realpath(path), mode: found.mode & 0o777 }
}

/** Does nothing on Windows, which neither allows nor needs opening a folder. */
const syncFolder = async (folder: string): Promise<void> => {
  if (isWindows) return
  const opened = await open(folder, 'r')
  try {
    await opened.sync()
  } finally {
    await opened.close()
  }
}

/** Node reads at most 2 GiB at a time, and `readFile` reads no larger file. */
const piece = 2 ** 28

const read = async (path: string): Promise<Uint8Array> => {
  const file = await open(path, 'r')
  try {
    const found = await file.stat()
    const { size } = found
    if (found.isCharacterDevice() || found.isBlockDevice()) throw refused('EINVAL', 'it is a device, which has no end')
    // The size of a pipe is not known before its end, nor that of a file which the system makes up.
    if (!found.isFile() || size === 0) return new Uint8Array(await file.readFile())
    const bytes = new Uint8Array(size)
    for (let at = 0; at < size; ) {
      const { bytesRead } = await file.read(bytes, at, Math.min(piece, size - at))
      if (bytesRead === 0) return bytes.subarray(0, at) // it has been shortened
      at += bytesRead
    }
    return bytes
  } finally {
    await file.close()
  }
}

/** The disk of this machine. */
export const disk: Disk = {
  create: async (path, mode) => {
    const file = await open(path, 'wx', mode ?? 0o666)
    // It may have fewer now, but none that the other has not; some disks keep no permissions.
    if (mode !== undefined) await file.chmod(mode).catch(() => undefined)
    return {
      write: async (pieces) => (await file.writev(pieces)).bytesWritten,
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
  ENOSPC: 'make room on the disk; the previous file is intact',
  EDQUOT: 'make room within the quota; the previous file is intact',
  EFBIG: 'raise the limit for the size of a file; the previous file is intact',
  EROFS: 'choose a folder on a disk that can be written to',
  EACCES: 'choose a folder that may be written to, or change its permissions',
  EPERM: 'choose a folder that may be written to, or change its permissions',
  ENOENT: 'check the path',
  ENOTDIR: 'check the path: a file stands where a folder should be',
  EINVAL: 'give the path of a file',
  EISDIR: 'check the path: a folder stands where a file should be',
  EIO: 'the disk reports a fault: save elsewhere',
  EMFILE: 'too many files are open at the same time',
}

/** Performs a step on a file; a failure of the system is a `FileError`. */
export const attempt = async <A>(action: string, file: string, f: () => Promise<A>): Promise<A> => {
  try {
    return await f()
  } catch (e) {
    if (!(e instanceof Error) || e instanceof FileError) throw e
    const { code: reason = 'unknown', message } = e as NodeJS.ErrnoException
    throw new FileError({ action, file, reason, actual: message, remedy: remedies[reason] })
  }
}
