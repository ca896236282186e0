import { checkOptions } from '../error/options.ts'
import { StructureError } from '../error/tensorError.ts'
import { describe } from '../tensor/data.ts'
import { mostAxes } from '../tensor/shape.ts'
import { longestHeader } from './safetensors/format.ts'

/** How much a file of tensors may ask of its reader; docs/files.md has the defaults. */
export interface FileLimits {
  /** Bytes of the header: 100,000,000 of a safetensors file, the most by its format; 10,000 of an array of NumPy. */
  readonly header?: number | undefined
  /** Records and lists within each other: 3 of a safetensors file, 16 of an array of NumPy. */
  readonly depth?: number | undefined
  /** Axes of a tensor: 32, which is the most that a tensor has. */
  readonly rank?: number | undefined
  /** Names: tensors, texts of the metadata, entries of an archive; 262,144 of each. */
  readonly entries?: number | undefined
  /** Bytes of the file: 64 GiB. */
  readonly bytes?: number | undefined
  /** Bytes that compressed entries become together when they are inflated: 2 GiB. */
  readonly inflated?: number | undefined
}

/** Options of whatever reads a file of tensors. */
export interface LimitOptions {
  /** How much the file may ask for; a file that asks for more is refused before memory is taken for it. */
  readonly limits?: FileLimits | undefined
}

export type Limits = { readonly [N in keyof FileLimits]-?: number }

const usual: Limits = {
  header: longestHeader,
  depth: 3,
  rank: mostAxes,
  entries: 2 ** 18,
  bytes: 2 ** 36,
  inflated: 2 ** 31,
}
/** No limit can be higher: a tensor has no more axes, and functions that call themselves need a depth. */
const most: Limits = {
  header: Infinity,
  depth: 1000,
  rank: mostAxes,
  entries: Infinity,
  bytes: Infinity,
  inflated: Infinity,
}

/** All limits, of which those that are not given are those of the format. */
export const limitsIn = (op: string, { limits: given = {} }: LimitOptions, format: FileLimits = {}): Limits => {
  const names = Object.keys(usual) as (keyof FileLimits)[]
  checkOptions(op, given, names)
  const entries = names.map((name) => {
    const limit: unknown = given[name] === undefined ? (format[name] ?? usual[name]) : given[name]
    if (typeof limit === 'number' && limit >= 0 && (limit === Infinity || Number.isInteger(limit)))
      return [name, Math.min(limit, most[name])] as const
    throw new StructureError({
      op,
      expected: `a limit of ${name}, a whole number from 0 on or Infinity`,
      actual: describe(limit),
      code: 'out-of-range',
    })
  })
  return Object.fromEntries(entries) as unknown as Limits
}

/** The advice of an error about a limit. */
export const toRaise = (name: keyof FileLimits): string =>
  `give a higher { limits: { ${name} } } if the file is trusted`
