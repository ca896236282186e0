import { TracedError } from '../error/tensorError.ts'
import { sizeOf } from '../tensor/shape.ts'
import type { AnyTensor, DType, Shape } from '../type/tensor.ts'

/** A cotangent that is computed when it is asked for. */
export type Thunk = () => AnyTensor

/**
 * One call that a trace has recorded. There is no tape: a traced value points to the call that made it, and the call to
 * its arguments.
 */
export interface Call {
  /** Later calls have greater numbers. */
  readonly id: number
  readonly name: string
  /** The traced arguments; null stands for one that is not part of this trace. */
  readonly parents: readonly (Traced | null)[]
  readonly outputs: readonly AnyTensor[]
  /** From the cotangents of the outputs to those of the arguments. */
  readonly pullback: (cotangents: readonly AnyTensor[]) => readonly (Thunk | null)[]
}

/** A tensor on its way through a function that is being differentiated: a value, and the call that made it. */
export class Traced {
  readonly trace: number
  readonly call: Call
  readonly index: number
  /** The value itself; traced in turn where derivatives are nested. */
  readonly primal: AnyTensor
  readonly shape: Shape
  readonly dtype: DType

  constructor(trace: number, call: Call, index: number) {
    this.trace = trace
    this.call = call
    this.index = index
    this.primal = call.outputs[index] as AnyTensor
    this.shape = this.primal.shape
    this.dtype = this.primal.dtype
  }

  get size(): number {
    return sizeOf(this.shape)
  }

  get dimension(): number {
    return this.shape.length
  }

  get data(): never {
    throw TracedError.read('data')
  }

  get stride(): never {
    throw TracedError.read('stride')
  }

  get offset(): never {
    throw TracedError.read('offset')
  }

  get(): never {
    throw TracedError.read('get')
  }
}

let last = 0

/** A number that was never given before. Of two nested traces the inner one has the greater number. */
export const nextId = (): number => ++last

/** The innermost trace among some arguments; 0 if none is traced. */
export const innermost = (args: readonly unknown[]): number => {
  let trace = 0
  for (let i = 0; i < args.length; i++) {
    const a = args[i]
    if (a instanceof Traced && a.trace > trace) trace = a.trace
  }
  return trace
}

/** The value as a part of a trace, if it is one. */
export const traced = (trace: number, a: unknown): Traced | null =>
  a instanceof Traced && a.trace === trace ? a : null

/** The value as those outside the trace see it. */
export const outside = (trace: number, a: unknown): unknown => (a instanceof Traced && a.trace === trace ? a.primal : a)

/** The value behind all traces: a constant to differentiation. */
export const untraced = <T extends AnyTensor>(t: T): T => {
  let a: unknown = t
  while (a instanceof Traced) a = a.primal
  return a as T
}
