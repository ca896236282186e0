// The options of a command: how each is read, the one that is taken if none is given, and what the help says of it.

import { type ErrorCode, withCode } from '../error/codes.ts'

/** A command that was called in a way that it cannot be; the process ends with 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  readonly code: ErrorCode = 'usage'
  readonly sentence: string

  constructor(sentence: string) {
    super(withCode(`${sentence} (--help tells more)`, 'usage'))
    this.sentence = sentence
  }
}

/** An option. One that takes no value is a flag. */
export interface Option<A> {
  /** The placeholder for its value in the help: 'N', 'DIR'. */
  readonly takes?: string | undefined
  readonly about: string
  readonly initial: A
  readonly read: (text: string) => A
}

export type Options = { readonly [name: string]: Option<unknown> }

/** The values of a command's options. */
export type OptionValues<O extends Options> = { readonly [K in keyof O]: O[K] extends Option<infer A> ? A : never }

export const flag = (about: string): Option<boolean> => ({ about, initial: false, read: () => true })

export const text = <A extends string | undefined>(takes: string, initial: A, about: string): Option<string | A> => ({
  takes,
  about,
  initial,
  read: (given) => {
    if (given === '') throw new UsageError(`expected a name, got ''`)
    return given
  },
})

export const choice = <const C extends string, A extends C | undefined>(
  choices: readonly C[],
  initial: A,
  about: string,
): Option<C | A> => ({
  takes: 'NAME',
  about: `${about}: ${choices.join(', ')}`,
  initial,
  read: (given) => {
    const found = choices.find((name) => name === given)
    if (found === undefined) throw new UsageError(`expected one of ${choices.join(', ')}, got '${given}'`)
    return found
  },
})

/** Names with commas between them. */
export const names = (about: string): Option<readonly string[] | undefined> => ({
  takes: 'NAME,NAME',
  about,
  initial: undefined,
  read: (given) => {
    const found = given.split(',')
    if (found.includes('')) throw new UsageError(`expected names with commas between them, got '${given}'`)
    return found
  },
})

interface Range {
  readonly least: number
  readonly most: number
  readonly whole?: boolean | undefined
}

const numberIn = (given: string, { least, most, whole = true }: Range): number => {
  const x = given.trim() === '' ? Number.NaN : Number(given)
  if (x >= least && x <= most && (!whole || Number.isSafeInteger(x))) return x
  throw new UsageError(`expected ${whole ? 'a whole number' : 'a number'} from ${least} to ${most}, got '${given}'`)
}

export const number = <A extends number | undefined>(range: Range, initial: A, about: string): Option<number | A> => ({
  takes: range.whole === false ? 'X' : 'N',
  about,
  initial,
  read: (given) => numberIn(given, range),
})

/** Whole numbers with commas between them; 0 alone is none of them. */
export const numbers = (most: number, initial: readonly number[], about: string): Option<readonly number[]> => ({
  takes: 'N,N',
  about,
  initial,
  read: (given) => (given === '0' ? [] : given.split(',').map((part) => numberIn(part, { least: 1, most }))),
})
