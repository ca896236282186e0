import { FormatError, type FormatReason } from '../error/fileError.ts'

/** Where a model is wrong: the byte at which the message begins, and the name of the tensor, the node or the field. */
export interface Place {
  readonly byte?: number | undefined
  readonly entry?: string | undefined
}

/** The error for the bytes of a model. */
export const wrong = (
  reason: FormatReason,
  expected: string,
  actual: string,
  where: Place & { readonly remedy?: string | undefined } = {},
): FormatError =>
  new FormatError({
    format: 'onnx',
    reason,
    expected,
    actual,
    ...where,
    entry: where.entry === '' ? undefined : where.entry,
  })
