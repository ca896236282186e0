import type { DType } from '../type/tensor.ts'
import { allocate, type Data, type DataOf } from './data.ts'
import { Resident } from './resident.ts'

/** Rows of up to so many numbers are copied number by number, which is faster than as a whole. */
const short = 16

/**
 * Rows of an array, named by an index, that are not copied until somebody needs them: a minibatch of examples goes from
 * their array straight to where a program wants it.
 */
export class Gathered extends Resident {
  readonly dtype: DType
  readonly length: number
  readonly #from: Data
  readonly #index: DataOf['int32']
  readonly #width: number
  #found: Data | undefined

  /** Rows of `width` numbers of an array. All indices name one. */
  constructor(dtype: DType, from: Data, index: DataOf['int32'], width: number) {
    super()
    this.dtype = dtype
    this.length = index.length * width
    this.#from = from
    this.#index = index
    this.#width = width
  }

  /** True if a range of the numbers is one of whole rows. */
  hasRows(start: number, length: number): boolean {
    return this.#width > 0 && start % this.#width === 0 && length % this.#width === 0
  }

  /** Copies the rows of a range of the numbers, by default all, to the start of an array. */
  copyTo(to: Data, start = 0, length = this.length): void {
    const [from, n] = [this.#from, this.#width]
    const index = length === this.length ? this.#index : this.#index.subarray(start / n, (start + length) / n)
    for (let i = 0; i < index.length; i++) {
      const start = (index[i] as number) * n
      if (n > short) to.set(from.subarray(start, start + n), i * n)
      else for (let k = 0; k < n; k++) to[i * n + k] = from[start + k] as number
    }
  }

  override numbers(): Data {
    if (this.#found === undefined) {
      this.#found = allocate(this.dtype, this.length)
      this.copyTo(this.#found)
    }
    return this.#found
  }
}
