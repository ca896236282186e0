import type { Shape } from '../../type/tensor.ts'
import type { Place } from './numbersAt.ts'

/** A tensor as its file declares it. */
export interface ListedTensor {
  readonly name: string
  /** The number format by the name that the file gives it. */
  readonly dtype: string
  readonly shape: Shape
  /** Where its numbers lie, if they can be read. */
  readonly place?: Place | undefined
}

/** An entry that is there and cannot be read here, and why. */
export interface Unread {
  readonly name: string
  readonly reason: string
}

/** Why numbers are not read. */
export const otherNumbers = (dtype: string): string => `numbers of the format ${dtype}, which no tensor here holds`

/** The contents of a file as its headers tell them. */
export interface Listing {
  readonly tensors: readonly ListedTensor[]
  readonly unread: readonly Unread[]
  /** The texts of the file. */
  readonly metadata: { readonly [name: string]: string }
  /** The description that a model of this library carries. */
  readonly told?: unknown
}
