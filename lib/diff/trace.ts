import type { AnyTensor } from '../type/tensor.ts'
import { Boxed } from './boxed.ts'

/** A cotangent that is computed on demand. */
export type Thunk = () => AnyTensor

/**
 * One call recorded by a trace. There is no tape: a traced value points to the call that made it, and the call to its
 * arguments.
 */
export interface Call {
  /** Later calls have greater numbers. */
  readonly id: number
  readonly name: string
  /** The traced arguments; null stands for one that is not part of this trace. */
  readonly parents: readonly (Traced | null)[]
  readonly outputs: readonly AnyTensor[]
  /** Maps the cotangents of the outputs to those of the arguments. */
  readonly pullback: (cotangents: readonly AnyTensor[]) => readonly (Thunk | null)[]
}

/** A tensor seen by a function that is being differentiated: a value, and the call that made it. */
export class Traced extends Boxed {
  readonly boxed = 'traced'
  readonly call: Call
  readonly index: number

  constructor(level: number, call: Call, index: number) {
    const primal = call.outputs[index] as AnyTensor
    super(level, primal, primal.shape)
    this.call = call
    this.index = index
  }
}

/** The value as a part of a trace, or null if it is not one. */
export const traced = (level: number, a: unknown): Traced | null =>
  a instanceof Traced && a.level === level ? a : null
