// Numbers that JavaScript cannot see: an engine may give a handle where other engines give an array.
import type { DType } from '../type/tensor.ts'

type Numbers = Float32Array | Float64Array | Int32Array

/** A check of the numbers of some tensors, each in row-major order: it throws, or does nothing. */
export type Check = (...numbers: readonly Numbers[]) => void

/**
 * A handle of numbers that an engine holds. Outside of the engine that made it, it stands where the array of a tensor's
 * numbers would; reading them is a call of the engine.
 */
export abstract class Resident {
  abstract readonly dtype: DType
  abstract readonly length: number
  /** All the numbers that the handle stands for. */
  abstract numbers(): Numbers
  /** Takes over a check of tensors, to run it when there are numbers; absent where they can be read at once. */
  readonly inspect?: (tensors: readonly { readonly buffer: unknown }[], check: Check) => void
}

/** The handle in the place of an array, if it is one. */
export const residentOf = (data: unknown): Resident | undefined => (data instanceof Resident ? data : undefined)

/** The array with the numbers of a buffer, which an engine may hold. */
export const numbersOf = <D>(data: D): D => (data instanceof Resident ? (data.numbers() as D) : data)
