import type { DataOf } from '../../tensor/data.ts'
import type { Raw } from '../../tensor/view.ts'
import type { DType, Shape } from '../../type/tensor.ts'
import type { Scope } from '../kernels.ts'

/** The place of entries in the memory: the address of the first, and the strides in entries. */
export interface Place {
  readonly at: number
  readonly stride: Shape
}

export interface MemoryOptions {
  /** Overwrites the memory that a training step has released with NaN, to find tensors that escape from it. */
  readonly poison?: boolean | undefined
  /** The maximum of the memory, in pages of 64 KiB. */
  readonly pages?: number | undefined
}

/** The part of a heap that kernels need. */
export interface Heap {
  /** Runs a kernel. */
  readonly run: <A>(kernel: () => A) => A
  /** The address of fresh bytes. */
  readonly reserve: (bytes: number) => number
  /** The place of a view's entries as they lie; they are copied in if they are not in the memory. */
  readonly place: (x: Raw) => Place
  /** The address of a view's entries in row-major order. */
  readonly packed: (x: Raw) => number
  /** The address of some integers, written one after the other. */
  readonly write: (integers: readonly number[]) => number
  /** n numbers at an address, as the result of a kernel. */
  readonly result: <D extends DType>(dtype: D, at: number, n: number) => DataOf[D]
}

/** A heap on a memory, with scopes. */
export interface ScopedHeap extends Heap {
  readonly scope: Scope
  /** True within a scope. */
  readonly isOpen: () => boolean
  readonly buffer: () => ArrayBufferLike
  /** The address of bytes that stay as long as their owner; undefined within a scope, and if there are too many. */
  readonly claim: (bytes: number, owner: object) => number | undefined
  /** Gives claimed bytes back before their owner has gone. */
  readonly giveBack: (at: number, owner: object) => void
}
