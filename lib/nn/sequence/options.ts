import { checkOptions, isFrom } from '../../error/options.ts'
import { StructureError, ValueError } from '../../error/tensorError.ts'
import { describe } from '../../tensor/data.ts'
import { checkCount } from '../../tensor/range.ts'

/** Whether what is carried is taken with the input, given with the output, or both. */
export type Carrying = 'in' | 'out' | 'both' | 'none'

export interface SequenceOptions<
  M extends boolean = false,
  A extends 'all' | 'last' = 'all',
  N extends number = 1,
  B extends boolean = false,
  C extends Carrying = 'none',
> {
  /** 'all' for the output of each step, 'last' for that of the last one only; all by default. */
  readonly outputs?: A | undefined
  /** True to go from the last step to the first. The outputs stay in their places. */
  readonly reverse?: boolean | undefined
  /** True for both directions, their outputs side by side, forward first. */
  readonly bidirectional?: B | undefined
  /**
   * True to take { input, mask } with a mask [time]: 1 at each step, 0 where there is padding. A step where it is not above
   * 0 changes nothing, whatever it holds, and its output is 0.
   */
  readonly masked?: M | undefined
  /** The number of layers, each of which takes the outputs of the one before; 1 by default. */
  readonly layers?: N | undefined
  /** The probability of dropout between layers, 0 by default. */
  readonly drop?: number | undefined
  /**
   * 'in' to begin with what is given: { input, carry }; 'out' to give { output, carry } with what is carried out of the last
   * step; 'both' for both. By default it begins with zeros and gives the output alone.
   */
  readonly carry?: C | undefined
}

/** Options that only the program knows. */
export type AnySequenceOptions = SequenceOptions<boolean, 'all' | 'last', number, boolean, Carrying>
const names = ['outputs', 'reverse', 'bidirectional', 'masked', 'layers', 'drop', 'carry'] as const

export const checkSequenceOptions = (kind: string, given: AnySequenceOptions): void => {
  const { outputs, carry, layers = 1, drop = 0, reverse, bidirectional } = given
  checkOptions(kind, given, names)
  if (![undefined, 'all', 'last'].includes(outputs))
    throw new ValueError({ op: kind, expected: "outputs 'all' or 'last'", actual: describe(outputs) })
  if (![undefined, 'none', 'in', 'out', 'both'].includes(carry))
    throw new ValueError({ op: kind, expected: "carry 'in', 'out', 'both' or 'none'", actual: describe(carry) })
  checkCount(kind, { 'a number of layers': layers })
  if (!isFrom(drop, 0, 1))
    throw new ValueError({ op: kind, expected: 'a probability from 0 to 1', actual: describe(drop) })
  if (drop > 0 && layers === 1)
    throw new StructureError({
      op: kind,
      expected: 'several layers for dropout between them',
      actual: 'one',
      remedy: 'put a dropout layer behind it',
    })
  if (reverse === true && bidirectional === true)
    throw new StructureError({ op: kind, expected: 'one of reverse and bidirectional', actual: 'both' })
}
