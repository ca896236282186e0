// What the kernels of a program are in ONNX.
import type { DType } from '../../type/tensor.ts'
import type { Builder } from './builder.ts'
import type { OpenView } from './record.ts'
import type { Size } from './size.ts'
import { type Held, inRows, NoLayout, type Tensors } from './tensors.ts'

/** A call that is being written: the graph, its tensors, and the arguments. */
export interface Call {
  readonly g: Builder
  readonly tensors: Tensors
  readonly args: readonly unknown[]
}

/** Writes a call: a tensor for each of its results, or undefined for one that ONNX does not give. */
export type Writer = (call: Call) => readonly (Held | undefined)[]

export const viewAt = ({ args }: Call, i: number): OpenView => args[i] as OpenView
export const dtypeAt = (call: Call, i: number): DType => viewAt(call, i).dtype

/** A number of a call. One that differs with the batch cannot be written. */
export const numberAt = ({ args }: Call, i: number): number => {
  const found = args[i]
  if (typeof found === 'number') return found
  throw new NoLayout('a number that depends on the size of the batch')
}

/** A kernel that gives one tensor, row by row, from the whole views of its first arguments. */
export const onRows =
  (dims: (call: Call) => readonly Size[], write: (call: Call, ...names: string[]) => string, inputs: number): Writer =>
  (call) => {
    const names = Array.from({ length: inputs }, (_, i) => call.tensors.of(viewAt(call, i), true))
    return [inRows(write(call, ...names), dims(call))]
  }

export type Writers = Readonly<Record<string, Writer>>
