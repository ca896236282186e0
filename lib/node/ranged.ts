/// <reference types="node" />
// Files of which only parts are read.
import { type FileHandle, open } from 'node:fs/promises'
import { FormatError } from '../error/fileError.ts'
import { attempt } from './disk.ts'
import { behind, cut, firstOf } from './pieces.ts'

export interface Ranged {
  /** Bytes of the file. */
  readonly size: number
  /** Fills arrays, one behind the other, with what is there from a position on; returns the position behind it. */
  readonly fill: (arrays: readonly Uint8Array[], from: number) => Promise<number>
}

const fillFrom = async (file: FileHandle, arrays: readonly Uint8Array[], from: number): Promise<number> => {
  let at = from
  for (let rest = cut(arrays); rest.length > 0; ) {
    const { bytesRead } = await file.readv(firstOf(rest), at)
    if (bytesRead === 0) break
    at += bytesRead
    rest = behind(rest, bytesRead)
  }
  return at
}

/** Opens a file for a function that reads parts of it, and closes it in any case. */
export const withFile = async <A>(path: string, f: (file: Ranged) => Promise<A>): Promise<A> => {
  const file = await attempt('open', path, () => open(path, 'r'))
  try {
    const { size } = await attempt('read', path, () => file.stat())
    return await f({ size, fill: (arrays, from) => attempt('read', path, () => fillFrom(file, arrays, from)) })
  } finally {
    await file.close()
  }
}

/** Room for bytes that are there; there may be more than an array can have. */
export const roomFor = (format: string, size: number): Uint8Array => {
  try {
    return new Uint8Array(size)
  } catch {
    throw new FormatError({
      format,
      reason: 'TooLarge',
      expected: 'numbers that fit in an array',
      actual: `${size} bytes`,
    })
  }
}

/** So many bytes of a file from a position on, each part as a whole buffer. They must still be there. */
export const exactly = async <const S extends readonly number[]>(
  format: string,
  { fill }: Ranged,
  from: number,
  sizes: S,
): Promise<{ readonly [I in keyof S]: Uint8Array }> => {
  const arrays = sizes.map((size) => roomFor(format, size))
  const end = sizes.reduce((sum, size) => sum + size, from)
  const byte = await fill(arrays, from)
  if (byte === end) return arrays as { readonly [I in keyof S]: Uint8Array }
  const [expected, actual] = [`bytes up to ${end}`, `a file that has been shortened to ${byte}`]
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
