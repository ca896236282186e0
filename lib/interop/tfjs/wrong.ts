import { FormatError, type FormatReason } from '../../error/fileError.ts'

interface Place {
  readonly byte?: number | undefined
  readonly entry?: string | undefined
  readonly remedy?: string | undefined
}

/** The error for a model of TensorFlow.js. */
export const wrong = (reason: FormatReason, expected: string, actual: string, place: Place = {}): FormatError =>
  new FormatError({ format: 'tfjs', reason, expected, actual, ...place })

/** The error for a layer that has no counterpart here. */
export const unsupported = (expected: string, actual: string, place: Place = {}): FormatError =>
  wrong('Unsupported', expected, actual, place)
