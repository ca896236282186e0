import { checkOptions } from '../../error/options.ts'
import { StructureError } from '../../error/tensorError.ts'
import { describe } from '../../tensor/data.ts'

/** What a file may ask of its reader. */
export interface Limits {
  /** The bytes of the file; 2 GiB by default, which is also the most that protobuf allows. */
  readonly bytes: number
  /** Messages within messages; 32 by default. A graph of plain nodes needs 5. */
  readonly depth: number
  /** Messages altogether: nodes, attributes, tensors, sizes; 1,000,000 by default. */
  readonly messages: number
  /** The numbers of all constants together that are computed while the file is read; 2²² by default. */
  readonly numbers: number
}

/** Limits of which some are given. */
export type GivenLimits = { readonly [N in keyof Limits]?: number | undefined }

const usual: Limits = { bytes: 2 ** 31, depth: 32, messages: 1_000_000, numbers: 2 ** 22 }

/** Limits with those that are not given as usual. */
export const limitsIn = (op: string, given: GivenLimits = {}): Limits => {
  const names = Object.keys(usual) as (keyof Limits)[]
  checkOptions(op, given, names)
  const entries = names.map((name) => {
    const limit = given[name] ?? usual[name]
    if (typeof limit === 'number' && limit >= 0) return [name, limit] as const
    throw new StructureError({ op, expected: `a limit of ${name}, a number from 0 on`, actual: describe(limit) })
  })
  return Object.fromEntries(entries) as unknown as Limits
}
