import { longestHeader } from '../../codec/safetensors/format.ts'
import { checkOptions } from '../../error/options.ts'
import { checkCount } from '../../tensor/range.ts'

/** How much a model of TensorFlow.js may be; whatever is more is a `FormatError` with the reason `TooLarge`. */
export interface TfjsLimits {
  /** The bytes of `model.json`, 100 million by default. */
  readonly json?: number | undefined
  /** The nesting of its JSON, 128 by default, and at most. (Deeper nesting is `TooDeep`.) */
  readonly depth?: number | undefined
  /** The layers, with those of models within it, 100,000 by default. */
  readonly layers?: number | undefined
  /** The tensors of the manifest, one million by default. */
  readonly weights?: number | undefined
  /** The bytes of all tensors, as they are declared, 2⁴⁰ by default. They must be there in any case. */
  readonly bytes?: number | undefined
  /** The entries of a window of pooling, 65,536 by default. */
  readonly window?: number | undefined
}

export interface TfjsOptions {
  /** Less than what is read by default, for files of strangers, or more. */
  readonly limits?: TfjsLimits | undefined
}

export type Limits = Readonly<Record<keyof TfjsLimits, number>>

export const usual: Limits = {
  json: longestHeader,
  depth: 128,
  layers: 100_000,
  weights: 1_000_000,
  bytes: 2 ** 40,
  window: 65_536,
}

/** The limits of a call; those that are not given are the usual ones. */
export const limitsOf = (op: string, options: TfjsOptions): Limits => {
  checkOptions(op, options, ['limits'])
  const given = options.limits ?? {}
  checkOptions(op, given, Object.keys(usual))
  const limits = Object.fromEntries(
    Object.entries(usual).map(([name, n]) => [name, given[name as keyof Limits] ?? n]),
  ) as Limits
  for (const [name, n] of Object.entries(limits)) checkCount(op, { [`limits.${name}`]: n })
  return { ...limits, depth: Math.min(limits.depth, usual.depth) }
}
