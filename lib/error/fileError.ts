/** A difference between the expected and the actual structure of some data, at a dotted name. */
export interface Difference {
  readonly _tag: string
  readonly path: string
  readonly message: string
}

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
    super(
      `${file === undefined ? '' : `${file}: `}${format}${place === '' ? '' : ` ${place}`}: expected ${expected}, got ${actual}${remedy === undefined ? '' : `; ${remedy}`}`,
    )
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
  readonly code: string
  /** The system's own words. */
  readonly actual: string
  readonly remedy?: string | undefined
}

/** Error for a file that the system could not read or write. Its parts are fields. */
export class FileError extends Error implements FileFields {
  readonly _tag = 'FileError'
  override readonly name = 'FileError'
  readonly action: string
  readonly file: string
  readonly code: string
  readonly actual: string
  readonly remedy: string | undefined

  constructor({ action, file, code, actual, remedy }: FileFields) {
    super(`${file}: cannot ${action}: ${actual}${remedy === undefined ? '' : `; ${remedy}`}`)
    this.action = action
    this.file = file
    this.code = code
    this.actual = actual
    this.remedy = remedy
  }
}
