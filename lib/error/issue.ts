import { type ErrorCode, withCode } from './codes.ts'

/** A difference between the expected and the actual structure of some data, at a dotted name. */
export interface Difference {
  readonly _tag: string
  readonly code: ErrorCode
  readonly path: string
  readonly message: string
}

const codes = {
  Invalid: 'bad-value',
  Missing: 'missing-name',
  Extra: 'unknown-name',
  WrongShape: 'shape-mismatch',
  WrongFormat: 'dtype-mismatch',
} as const

/** The kinds of differences of data. */
export type DifferenceTag = keyof typeof codes

/** A difference with the code of its kind, or with another. */
export const difference = <T extends DifferenceTag>(
  _tag: T,
  path: string,
  message: string,
  code: ErrorCode = codes[_tag],
): Difference & { readonly _tag: T } => ({ _tag, code, path, message })

/** An issue as one line: its path, its message and its code, if it has one. */
export const lineOf = ({
  path,
  message,
  code,
}: Omit<Difference, '_tag' | 'code'> & Partial<Pick<Difference, 'code'>>) => {
  const line = path === '' ? message : `${path}: ${message}`
  return code === undefined ? line : withCode(line, code)
}
