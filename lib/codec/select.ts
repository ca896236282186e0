import { StructureError } from '../error/tensorError.ts'
import { describe } from '../tensor/data.ts'
import type { LimitOptions } from './limits.ts'

/** Which tensors of a file are read, and within which limits. */
export interface SelectOptions extends LimitOptions {
  /** The names of the tensors to read; the numbers of others are left alone. By default all are read. */
  readonly names?: readonly string[] | undefined
}

/** The names that are asked for, each once; undefined for all. */
export const namesIn = (op: string, { names }: SelectOptions): readonly string[] | undefined => {
  if (names === undefined) return undefined
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string'))
    throw new StructureError({ op, expected: 'names, an array of strings', actual: describe(names) })
  return [...new Set(names)]
}

/** A few of the names of a file, for an error that misses one. */
export const someOf = (names: readonly string[]): string => {
  const shown = names.slice(0, 8).map((name) => `'${name}'`)
  return names.length === 0 ? 'none' : `${shown.join(', ')}${names.length > 8 ? ` and ${names.length - 8} more` : ''}`
}
