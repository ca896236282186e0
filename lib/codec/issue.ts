import type * as t from 'io-ts'
import * as E from '#fp/Either'
import type { ReadonlyNonEmptyArray } from '#fp/ReadonlyNonEmptyArray'
import { StructureError } from '../error/tensorError.ts'
import { describe } from '../tensor/data.ts'

/** A problem with external data, and its place. */
export interface Issue {
  /**
   * The kind of difference: a name is missing or extra, a tensor has another shape or number format, or another
   * problem.
   */
  readonly _tag: 'Invalid' | 'Missing' | 'Extra' | 'WrongShape' | 'WrongFormat'
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

const issue = ({ context, message, value, tag = 'Invalid' }: TaggedError): Issue => ({
  _tag: tag,
  path: context.flatMap(({ key }) => (key === '' ? [] : [key])).join('.'),
  message: message ?? `expected ${context[context.length - 1]?.type.name}, got ${brief(value)}`,
})

/** Decodes with an io-ts codec: the value, or all issues. */
export const decode =
  <A>(codec: t.Decoder<unknown, A>) =>
  (u: unknown): E.Either<ReadonlyNonEmptyArray<Issue>, A> => {
    const result = codec.decode(u)
    if (E.isRight(result)) return result
    const [first, ...others] = result.left.map(issue)
    return E.left([first ?? { _tag: 'Invalid', path: '', message: `expected ${codec.name}` }, ...others])
  }

/**
 * Formats issues as text, one per line.
 *
 * @example
 * import { showIssues } from 'pullback'
 * showIssues([{ path: 'epochs', message: 'expected a number' }]) // => 'epochs: expected a number'
 */
export const showIssues = (issues: readonly Pick<Issue, 'path' | 'message'>[]): string => {
  const isIssue = (u: unknown): boolean => typeof (u as Partial<Issue> | null | undefined)?.message === 'string'
  if (!Array.isArray(issues) || !issues.every(isIssue))
    throw new StructureError({
      op: 'showIssues',
      expected: 'an array of issues { path, message }',
      actual: describe(issues),
      remedy: 'the left side of an Either holds them',
    })
  return issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('\n')
}
