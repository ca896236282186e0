import { type ErrorCode, withCode } from './codes.ts'
import type { Difference } from './issue.ts'

/** The reasons why bytes cannot be read as a format. */
export type FormatReason =
  | 'Truncated'
  | 'TrailingBytes'
  | 'OtherFormat'
  | 'HeaderTooLong'
  | 'NotUtf8'
  | 'NotJson'
  | 'TooDeep'
  | 'DuplicateName'
  | 'MissingName'
  | 'BadHeader'
  | 'BadMetadata'
  | 'BadEntry'
  | 'BadShape'
  | 'BadOffsets'
  | 'UnsupportedNumbers'
  | 'OutOfRange'
  | 'WrongSize'
  | 'TooLarge'
  | 'BadData'
  | 'Unsupported'
  | 'Overlap'
  | 'Hole'
  | 'WrongChecksum'
  | 'OtherVersion'
  | 'BadState'
  | 'Mismatch'

/** The codes of the reasons that are no damage. */
const codes: { readonly [reason in FormatReason]?: ErrorCode } = {
  OtherFormat: 'unsupported-format',
  OtherVersion: 'unsupported-format',
  UnsupportedNumbers: 'unsupported-format',
  Unsupported: 'unsupported-format',
  OutOfRange: 'out-of-range',
  TooLarge: 'too-large',
  MissingName: 'missing-name',
  Mismatch: 'structure-mismatch',
}

export interface FormatFields {
  /** The format that the bytes were read as. */
  readonly format: string
  readonly reason: FormatReason
  readonly expected: string
  readonly actual: string
  /** The offset of the first byte concerned. */
  readonly byte?: number | undefined
  /** The name of the entry concerned. */
  readonly entry?: string | undefined
  /** The path of the file, where the bytes came from one. */
  readonly file?: string | undefined
  /** All differences, where the bytes are sound but hold another structure. */
  readonly differences?: readonly Difference[] | undefined
  readonly remedy?: string | undefined
}

/**
 * Error for bytes that cannot be read: damaged, truncated, of another format, or of another structure. Its parts are
 * fields.
 */
export class FormatError extends Error implements FormatFields {
  readonly _tag = 'FormatError'
  override readonly name = 'FormatError'
  /** The kind of the failure: docs/errors.md has a section for each. The message ends with it. */
  readonly code: ErrorCode
  readonly format: string
  readonly reason: FormatReason
  readonly expected: string
  readonly actual: string
  readonly byte: number | undefined
  readonly entry: string | undefined
  readonly file: string | undefined
  readonly differences: readonly Difference[]
  readonly remedy: string | undefined

  constructor(fields: FormatFields) {
    const { format, reason, expected, actual, byte, entry, file, differences = [], remedy } = fields
    const place = [
      ...(byte === undefined ? [] : [`at byte ${byte}`]),
      ...(entry === undefined ? [] : [`in entry '${entry}'`]),
    ].join(' ')
    const code = codes[reason] ?? 'damaged-file'
    const where = `${file === undefined ? '' : `${file}: `}${format}${place === '' ? '' : ` ${place}`}`
    super(withCode(`${where}: expected ${expected}, got ${actual}${remedy === undefined ? '' : `; ${remedy}`}`, code))
    this.code = code
    this.format = format
    this.reason = reason
    this.expected = expected
    this.actual = actual
    this.byte = byte
    this.entry = entry
    this.file = file
    this.differences = differences
    this.remedy = remedy
  }
}

export interface FileFields {
  /** The step that failed: 'open', 'write', 'sync', 'rename', 'read'. */
  readonly action: string
  readonly file: string
  /** The system's name for the failure: 'ENOSPC', 'EACCES'. */
  readonly reason: string
  /** The system's own words. */
  readonly actual: string
  readonly remedy?: string | undefined
}

/** Error for a file that the system could not read or write. Its parts are fields. */
export class FileError extends Error implements FileFields {
  readonly _tag = 'FileError'
  override readonly name = 'FileError'
  readonly code: ErrorCode = 'file-access'
  readonly action: string
  readonly file: string
  readonly reason: string
  readonly actual: string
  readonly remedy: string | undefined

  constructor({ action, file, reason, actual, remedy }: FileFields) {
    super(withCode(`${file}: cannot ${action}: ${actual}${remedy === undefined ? '' : `; ${remedy}`}`, 'file-access'))
    this.action = action
    this.file = file
    this.reason = reason
    this.actual = actual
    this.remedy = remedy
  }
}
