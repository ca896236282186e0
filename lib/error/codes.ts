/**
 * The kinds of mistakes, by short names that stay the same. The message of every error ends with its code in brackets,
 * and docs/errors.md has a section for each, with its cause, an example and its remedy.
 */
export type ErrorCode =
  // shapes
  | 'shape-mismatch'
  | 'size-mismatch'
  | 'batch-mismatch'
  | 'bad-shape'
  | 'ragged'
  | 'not-a-scalar'
  | 'index-out-of-range'
  // numbers
  | 'dtype-mismatch'
  | 'out-of-range'
  | 'unknown-label'
  | 'not-finite'
  | 'empty-batch'
  | 'too-large'
  // arguments and options
  | 'wrong-argument'
  | 'not-a-tensor'
  | 'not-a-layer'
  | 'unknown-option'
  | 'unknown-choice'
  | 'needs-key'
  // names
  | 'missing-name'
  | 'unknown-name'
  | 'duplicate-name'
  | 'bad-name'
  | 'structure-mismatch'
  // derivatives, memory and engines
  | 'traced-read'
  | 'leaked'
  | 'no-derivative'
  | 'released'
  | 'immutable'
  | 'no-program'
  | 'no-engine'
  | 'slow-engine'
  // many ranks
  | 'lost-rank'
  | 'ranks-differ'
  | 'no-ranks'
  // files, tables and the command
  | 'file-access'
  | 'damaged-file'
  | 'unsupported-format'
  | 'bad-table'
  | 'bad-value'
  | 'missing-value'
  | 'usage'

/** A sentence that ends with its code. */
export const withCode = (sentence: string, code: ErrorCode): string => `${sentence} [${code}]`
