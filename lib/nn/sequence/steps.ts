// One step of each recurrence, from the products of the input and of what is carried with their weights. The gates lie
// side by side, in the order of PyTorch.
import { add } from '../../op/elementwise/add.ts'
import { mul } from '../../op/elementwise/mul.ts'
import { sigmoid } from '../../op/elementwise/sigmoid.ts'
import { sub } from '../../op/elementwise/sub.ts'
import { tanh } from '../../op/elementwise/tanh.ts'
import { slice } from '../../op/shape/slice.ts'
import type { Tensor } from '../../type/tensor.ts'

/** What is carried from step to step: h, and for an LSTM the contents c of its cells. */
export type Carry = { readonly h: Tensor; readonly c?: Tensor | undefined }

export interface Recurrence {
  readonly kind: string
  /** The number of gates: blocks of rows of the weights. */
  readonly gates: number
  /** True if c is carried beside h. */
  readonly cells: boolean
  /** x and u [batch, gates · hidden]: the products of the input and of h with their weights, with biases. */
  readonly step: (x: Tensor, u: Tensor, before: Carry, hidden: number) => Carry
}

const plus = (a: Tensor, b: Tensor): Tensor => add(a, b as never) as Tensor
const times = (a: Tensor, b: Tensor): Tensor => mul(a, b as never) as Tensor
/** Some gates next to each other. */
const gates = (x: Tensor, hidden: number, from: number, to: number): Tensor =>
  slice(x, [null, [from * hidden, to * hidden]]) as Tensor

export const rnnSteps: Recurrence = {
  kind: 'rnn',
  gates: 1,
  cells: false,
  step: (x, u) => ({ h: tanh(plus(x, u)) }),
}

export const gruSteps: Recurrence = {
  kind: 'gru',
  gates: 3,
  cells: false,
  step: (x, u, { h }, n) => {
    const open = sigmoid(plus(gates(x, n, 0, 2), gates(u, n, 0, 2))) as Tensor
    const [reset, keep] = [gates(open, n, 0, 1), gates(open, n, 1, 2)]
    const fresh = tanh(plus(gates(x, n, 2, 3), times(reset, gates(u, n, 2, 3))))
    return { h: plus(fresh, times(keep, sub(h, fresh as never) as Tensor)) }
  },
}

export const lstmSteps: Recurrence = {
  kind: 'lstm',
  gates: 4,
  cells: true,
  step: (x, u, { c }, n) => {
    const all = plus(x, u)
    const open = sigmoid(gates(all, n, 0, 2)) as Tensor
    const fresh = tanh(gates(all, n, 2, 3)) as Tensor
    const out = sigmoid(gates(all, n, 3, 4)) as Tensor
    const cell = plus(times(gates(open, n, 1, 2), c as Tensor), times(gates(open, n, 0, 1), fresh))
    return { h: times(out, tanh(cell) as Tensor), c: cell }
  },
}
