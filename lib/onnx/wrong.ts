import { FormatError, type FormatReason } from '../error/fileError.ts'

interface Place {
  readonly byte?: number | undefined
  readonly entry?: string | undefined
  readonly remedy?: string | undefined
}

/** The error for the bytes of a model. */
export const wrong = (reason: FormatReason, expected: string, actual: string, place: Place = {}): FormatError =>
  new FormatError({ format: 'onnx', reason, expected, actual, ...place })
