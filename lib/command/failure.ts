import type { Either } from '#fp/Either'
import { type ErrorCode, withCode } from '../error/codes.ts'
import { FormatError } from '../error/fileError.ts'
import type { TableIssue } from '../table/index.ts'

/** Work that cannot be done with what was given: bad data, a bad file. The process ends with 1. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly code: ErrorCode

  constructor(sentence: string, code: ErrorCode) {
    super(withCode(sentence, code))
    this.code = code
  }
}

/** Returns the value, or throws the error. */
export const found = <A>(result: Either<Error, A>): A => {
  if (result._tag === 'Left') throw result.left
  return result.right
}

/**
 * An error about a file with a remedy that the command can follow: what a program gives in braces is an option of the
 * command, if it has one of that name; otherwise the remedy is left out.
 */
export const forCommand = (e: FormatError, options: readonly string[]): FormatError => {
  const parts = e.remedy?.split('; ').flatMap((part) => {
    const [piece, name = ''] = /\{ (?:limits: \{ )?(\w+).* \}/.exec(part) ?? []
    if (piece === undefined) return /limit of bytes/.test(part) ? [] : [part]
    const option = name === 'inflated' ? 'limit' : name
    return options.includes(option) ? [part.replace(piece, `--${option}`)] : []
  })
  return new FormatError({ ...e, remedy: parts?.length === 0 ? undefined : parts?.join('; ') })
}

/** An issue as a command tells it: remedies are kept unless they are a piece of a program. */
const told = (file: string, { path, message, remedy }: TableIssue): string => {
  const isCode = remedy !== undefined && /[{}]/.test(remedy)
  const text = isCode ? message.slice(0, -`; ${remedy}`.length) : message
  return `${file}: ${path === '' ? '' : `${path}: `}${text}`
}

/** The table that was read, or a throw of its first issues. */
export const readOf = <A>(file: string, result: Either<readonly TableIssue[], A>): A => {
  if (result._tag === 'Right') return result.right
  const issues = result.left
  const few = issues.length > 3 ? issues.slice(0, 2) : issues
  const more = issues.at(-1)?._tag === 'More' ? 'many' : issues.length - few.length
  const lines = few.map((issue) => [told(file, issue), issue.code] as const)
  const all = few.length < issues.length ? [...lines, [`${file}: and ${more} more`, 'bad-table'] as const] : lines
  const [last, code] = all[all.length - 1] as (typeof all)[number]
  throw new Failure([...all.slice(0, -1).map((line) => withCode(...line)), last].join('\n'), code)
}
