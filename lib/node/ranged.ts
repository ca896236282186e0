/// <reference types="node" />
// Files of which only parts are read.
import { type FileHandle, open } from 'node:fs/promises'
import { FormatError } from '../error/fileError.ts'
import { attempt } from './disk.ts'

export interface Ranged {
  /** Bytes of the file. */
  readonly size: number
  /** The bytes between two positions; fewer if the file has been shortened since. They are a whole buffer. */
  readonly read: (from: number, to: number) => Promise<Uint8Array>
}

/** Node reads at most 2 GiB at a time. */
const piece = 2 ** 28

const readFrom = async (file: FileHandle, from: number, to: number): Promise<Uint8Array> => {
  const bytes = new Uint8Array(to - from)
  for (let at = 0; at < bytes.length; ) {
    const { bytesRead } = await file.read(bytes, at, Math.min(piece, bytes.length - at), from + at)
    if (bytesRead === 0) return bytes.slice(0, at)
    at += bytesRead
  }
  return bytes
}

/** Opens a file for a function that reads parts of it, and closes it in any case. */
export const withFile = async <A>(path: string, f: (file: Ranged) => Promise<A>): Promise<A> => {
  const file = await attempt('open', path, () => open(path, 'r'))
  try {
    const { size } = await attempt('read', path, () => file.stat())
    return await f({ size, read: (from, to) => attempt('read', path, () => readFrom(file, from, to)) })
  } finally {
    await file.close()
  }
}

/** Some bytes of a file, which must still be there. */
export const exactly = async (format: string, { read }: Ranged, from: number, to: number): Promise<Uint8Array> => {
  const bytes = await read(from, to)
  if (bytes.length === to - from) return bytes
  const byte = from + bytes.length
  const [expected, actual] = [`bytes up to ${to}`, `a file that has been shortened to ${byte}`]
  throw new FormatError({ format, reason: 'Truncated', expected, actual, byte })
}

/** Adds the path to an error about the bytes of a file. */
export const inFile = async <A>(file: string, f: () => Promise<A>): Promise<A> => {
  try {
    return await f()
  } catch (e) {
    throw e instanceof FormatError && e.file === undefined ? new FormatError({ ...e, file }) : e
  }
}
