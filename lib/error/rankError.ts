import { type ErrorFields, TensorError } from './tensorError.ts'

/** Error for ranks of a communicator that are gone, that do not answer, or that differ from the others. */
export class RankError extends TensorError {
  readonly _tag = 'RankError'
  override readonly name = 'RankError'
  /** The ranks concerned, if they are known. */
  readonly ranks: readonly number[]

  constructor({ ranks, ...fields }: ErrorFields & { readonly ranks: readonly number[] }) {
    super(fields, 'lost-rank')
    this.ranks = ranks
  }
}
