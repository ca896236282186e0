import type * as t from 'io-ts'
import * as E from '#fp/Either'
import type { ReadonlyNonEmptyArray } from '#fp/ReadonlyNonEmptyArray'
import type { ErrorCode } from '../error/codes.ts'
import { type DifferenceTag, difference, lineOf } from '../error/issue.ts'
import { StructureError } from '../error/tensorError.ts'
import { describe } from '../tensor/data.ts'

/** A problem with external data, and its place. */
export interface Issue {
  /**
   * The kind of difference: a name is missing or extra, a tensor has another shape or number format, or another
   * problem.
   */
  readonly _tag: DifferenceTag
  /** The kind of the problem as docs/errors.md has it. */
  readonly code: ErrorCode
  /** The path to it, in dotted names; empty for the data as a whole. */
  readonly path: string
  readonly message: string
}

/** An error of validation that may name the kind of difference. */
export interface TaggedError extends t.ValidationError {
  readonly tag?: Issue['_tag'] | undefined
}

/** A record or an array as JSON; undefined if it has none: it is cyclic, or its own `toJSON` fails. */
const json = (u: object): string | undefined => {
  try {
    return JSON.stringify(u, (_, value) => (typeof value === 'bigint' ? describe(value) : value))
  } catch {
    return undefined
  }
}

/** A short form of the actual value. */
const brief = (u: unknown): string => {
  if (ArrayBuffer.isView(u)) return `${u.byteLength} bytes`
  const text = (typeof u === 'object' && u !== null ? json(u) : undefined) ?? describe(u)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}

const issue = ({ context, message, value, tag = 'Invalid' }: TaggedError, code: ErrorCode | undefined): Issue =>
  difference(
    tag,
    context.flatMap(({ key }) => (key === '' ? [] : [key])).join('.'),
    message ?? `expected ${context[context.length - 1]?.type.name}, got ${brief(value)}`,
    code,
  )

/** Decodes with an io-ts codec: the value, or all issues, each with the code of its kind if none is given. */
export const decode =
  <A>(codec: t.Decoder<unknown, A>, code?: ErrorCode) =>
  (u: unknown): E.Either<ReadonlyNonEmptyArray<Issue>, A> => {
    const result = codec.decode(u)
    if (E.isRight(result)) return result
    const [first, ...others] = result.left.map((error) => issue(error, code))
    return E.left([first ?? difference('Invalid', '', `expected ${codec.name}`, code), ...others])
  }

/**
 * Formats issues as text, one per line, each with its code at the end if it has one.
 *
 * @example
 * import { showIssues } from 'pullback'
 * showIssues([{ path: 'epochs', message: 'expected a number' }]) // => 'epochs: expected a number'
 */
export const showIssues = (issues: readonly Parameters<typeof lineOf>[0][]): string => {
  const isIssue = (u: unknown): boolean => typeof (u as Partial<Issue> | null | undefined)?.message === 'string'
  if (!Array.isArray(issues) || !issues.every(isIssue))
    throw new StructureError({
      op: 'showIssues',
      expected: 'an array of issues { path, message }',
      actual: describe(issues),
      remedy: 'the left side of an Either holds them',
    })
  return issues.map(lineOf).join('\n')
}
