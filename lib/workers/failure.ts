import type { ErrorCode } from '../error/codes.ts'
import { RankError } from '../error/rankError.ts'
import { type Memory, place } from './memory.ts'

/** Why a group of ranks cannot go on: the parts of the `RankError` that each of them throws. */
export interface Failure {
  readonly op?: string
  readonly ranks: readonly number[]
  readonly expected: string
  readonly actual: string
  readonly remedy?: string
  readonly code?: ErrorCode
  /** Where the rank threw, if it did. */
  readonly stack?: string | undefined
}

/** The bit of the round that says that the group has failed. It stays, so that nobody waits from then on. */
export const failed = 1

/**
 * Marks the group as failed, and wakes all who wait. `author` is the rank that says so, or `size` for the program that
 * has started the ranks. The first failure counts. Each author has room of its own for what it says, and writes that
 * before its name; so whoever finds the name finds the words too.
 */
export const fail = ({ words, said }: Memory, author: number, failure: Failure): void => {
  if (Atomics.load(words, place.author) === 0) {
    const short = { ...failure, actual: failure.actual.slice(0, 800), stack: failure.stack?.slice(0, 1600) }
    said(author).set(new TextEncoder().encode(`${JSON.stringify(short)}\0`))
    Atomics.compareExchange(words, place.author, 0, author + 1)
  }
  Atomics.or(words, place.round, failed)
  Atomics.notify(words, place.round)
}

/** The error of a group that has failed. */
export const failureOf = ({ words, said }: Memory): RankError => {
  const bytes = said(Atomics.load(words, place.author) - 1).slice()
  const { stack, ...fields } = JSON.parse(new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)))) as Failure
  const error = new RankError({ op: 'workers', ...fields })
  if (stack !== undefined) error.cause = Object.assign(new Error(fields.actual), { stack })
  return error
}

/** What was thrown, as text. */
export const textOf = (thrown: unknown): string => {
  try {
    return String(thrown)
  } catch {
    return 'a value that has no text'
  }
}

/** The failure of a group of which a rank has thrown something: what it says itself, if it is about ranks. */
export const thrownBy = (rank: number, thrown: unknown): Failure => {
  const stack = thrown instanceof Error ? thrown.stack : undefined
  if (!(thrown instanceof RankError))
    return { ranks: [rank], expected: `rank ${rank} to end its work`, actual: textOf(thrown), stack }
  const { op, ranks, expected, actual, code, remedy } = thrown
  return { op, ranks, expected, actual, code, stack, ...(remedy !== undefined && { remedy }) }
}

/** 'rank 1', 'ranks 0, 2 and 3' */
export const named = (ranks: readonly number[]): string =>
  ranks.length === 1 ? `rank ${ranks[0]}` : `ranks ${ranks.slice(0, -1).join(', ')} and ${ranks.at(-1)}`
