// The steps of recurrences as TensorFlow.js makes them by default, which no layer of the catalogue does.
import { derived } from '../../layer/derived.ts'
import type { AnyLayer } from '../../layer/layer.ts'
import { recurrentSpec } from '../../nn/sequence/cell.ts'
import { gruSteps, lstmSteps, type Recurrence, rnnSteps } from '../../nn/sequence/steps.ts'
import { mapped } from '../../nn/sequence/weights.ts'
import { add } from '../../op/elementwise/add.ts'
import { mul } from '../../op/elementwise/mul.ts'
import { sub } from '../../op/elementwise/sub.ts'
import { reshape } from '../../op/shape/reshape.ts'
import { slice } from '../../op/shape/slice.ts'
import { stack } from '../../op/shape/stack.ts'
import { zeros } from '../../tensor/create.ts'
import type { Tensor } from '../../type/tensor.ts'

export type Unary = (x: Tensor) => Tensor
type Map = { readonly W: Tensor; readonly b: Tensor }

/** The state that is carried on: h, and the contents of the cells where there are some. */
interface Carry {
  readonly h: Tensor
  readonly c: Tensor
}
type Step = (x: Tensor, hidden: Map, before: Carry) => Carry

const plus = (a: Tensor, b: Tensor): Tensor => add(a, b as never) as Tensor
const times = (a: Tensor, b: Tensor): Tensor => mul(a, b as never) as Tensor
/** The gates from one to another, of numbers or of weights. */
const gates = (x: Tensor, n: number, from: number, to: number): Tensor => slice(x, [null, [from * n, to * n]]) as Tensor
const rows = ({ W, b }: Map, n: number, from: number, to: number): Map => ({
  W: slice(W, [[from * n, to * n]]) as Tensor,
  b: slice(b, [[from * n, to * n]]) as Tensor,
})

const plainStep =
  (end: Unary): Step =>
  (x, hidden, { h }) => {
    const next = end(plus(x, mapped(hidden, h)))
    return { h: next, c: next }
  }

/** The reset gate is multiplied with h before the product, or with the product. */
const gruStep =
  (n: number, end: Unary, gate: Unary, resetsAfter: boolean): Step =>
  (x, hidden, { h }) => {
    const open = gate(plus(gates(x, n, 0, 2), mapped(rows(hidden, n, 0, 2), h)))
    const [reset, keep] = [gates(open, n, 0, 1), gates(open, n, 1, 2)]
    const last = rows(hidden, n, 2, 3)
    const fresh = end(
      plus(gates(x, n, 2, 3), resetsAfter ? times(reset, mapped(last, h)) : mapped(last, times(reset, h))),
    )
    const next = plus(fresh, times(keep, sub(h, fresh as never) as Tensor))
    return { h: next, c: next }
  }

const lstmStep =
  (n: number, end: Unary, gate: Unary): Step =>
  (x, hidden, { h, c }) => {
    const all = plus(x, mapped(hidden, h))
    const [open, out] = [gate(gates(all, n, 0, 2)), gate(gates(all, n, 3, 4))]
    const cell = plus(times(gates(open, n, 1, 2), c), times(gates(open, n, 0, 1), end(gates(all, n, 2, 3))))
    return { h: times(out, end(cell)), c: cell }
  }

/** A recurrence with functions of its own. */
export interface OwnRecurrence {
  readonly kind: 'rnn' | 'gru' | 'lstm'
  readonly end: Unary
  readonly gate: Unary
  readonly resetsAfter: boolean
  readonly outputs: 'all' | 'last'
  readonly reverse: boolean
}

const recurrences: Readonly<Record<OwnRecurrence['kind'], Recurrence>> = {
  rnn: rnnSteps,
  gru: gruSteps,
  lstm: lstmSteps,
}

const stepOf = ({ kind, end, gate, resetsAfter }: OwnRecurrence, n: number): Step =>
  kind === 'rnn' ? plainStep(end) : kind === 'gru' ? gruStep(n, end, gate, resetsAfter) : lstmStep(n, end, gate)

/** The recurrence as a layer of sequences [time, features], with the variables of that of the catalogue. */
export const ownRecurrence = (inputs: number, n: number, own: OwnRecurrence): AnyLayer => {
  const recurrence = recurrences[own.kind]
  const step = stepOf(own, n)
  type Given = { readonly params: { readonly input: Map; readonly hidden: Map }; readonly x: Tensor }
  const run = ({ params, x }: Given): Tensor => {
    const [batch, length] = x.shape as readonly [number, number]
    const flat = mapped(params.input, reshape(x, [batch * length, inputs]) as Tensor)
    const all = reshape(flat, [batch, length, recurrence.gates * n]) as Tensor
    const nothing = zeros([batch, n], x.dtype) as Tensor
    const outputs: Tensor[] = []
    let carry: Carry = { h: nothing, c: nothing }
    for (let i = 0; i < length; i++) {
      const t = own.reverse ? length - 1 - i : i
      carry = step(slice(all, [null, t]) as Tensor, params.hidden, carry)
      outputs[t] = carry.h
    }
    return own.outputs === 'last' ? carry.h : (stack(outputs, 1 as never) as Tensor)
  }
  return derived(
    `keras ${own.kind}`,
    [-1, inputs],
    recurrentSpec(recurrence, inputs, n) as never,
    run as never,
  ) as never
}
