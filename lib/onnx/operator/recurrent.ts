// Recurrent operators, step by step.
import { type Carry, gruSteps, lstmSteps, type Recurrence, rnnSteps } from '../../nn/sequence/steps.ts'
import { add } from '../../op/elementwise/add.ts'
import { matmul } from '../../op/linear/matmul.ts'
import { broadcast } from '../../op/reduce/sum.ts'
import { concat } from '../../op/shape/concat.ts'
import { reshape } from '../../op/shape/reshape.ts'
import { slice } from '../../op/shape/slice.ts'
import { stack } from '../../op/shape/stack.ts'
import { transpose } from '../../op/shape/transpose.ts'
import { zeros } from '../../tensor/create.ts'
import type { Tensor } from '../../type/tensor.ts'
import { floatsOf, ofTensor, type Value } from '../value.ts'
import type { Operator, Operators } from './operator.ts'

/** An operator: its steps, the places of our gates among those of ONNX, and the functions of its gates. */
interface Kind {
  readonly recurrence: Recurrence
  readonly gates: readonly number[]
  readonly activations: readonly string[]
}

/** Weights or biases of one direction, with the gates in our order. */
const ordered = (x: Tensor, { gates }: Kind, hidden: number): Tensor =>
  gates.length === 1
    ? x
    : (concat(gates.map((gate) => slice(x, [[gate * hidden, (gate + 1) * hidden]] as never) as Tensor)) as Tensor)

/** x Wᵀ + b, for rows of x. */
const mapped = (x: Tensor, W: Tensor, b: Tensor): Tensor => {
  const y = matmul(x as never, transpose(W) as never) as Tensor
  return add(y, broadcast(b, y.shape) as Tensor)
}

const recurrent =
  (kind: Kind): Operator =>
  (node) => {
    const { recurrence, activations } = kind
    const direction = node.text('direction', 'forward')
    const both = direction === 'bidirectional'
    const [given, usual] = [node.texts('activations'), both ? [...activations, ...activations] : activations]
    const hidden = node.int('hidden_size', 0)
    if (given !== undefined && (given.length !== usual.length || given.some((name, i) => name !== usual[i])))
      node.refuse(`the activations ${given.join(', ')}`)
    if (!['forward', 'reverse', 'bidirectional'].includes(direction)) node.refuse(`the direction ${direction}`)
    for (const name of ['layout', 'input_forget']) if (node.int(name, 0) !== 0) node.refuse(name)
    if (recurrence === gruSteps && node.int('linear_before_reset', 0) === 0) node.refuse('linear_before_reset 0')
    if (node.inputs > 4 && node.has(4)) node.refuse('sequence_lens')
    if (node.inputs > 7 && node.has(7)) node.refuse('peepholes')
    return (x, w, r, b, _, h0, c0) => {
      const X = floatsOf(x as Value)
      const [length, batch, features] = X.shape as readonly [number, number, number]
      const n = hidden > 0 ? hidden : ((r as Value).dims[2] as number)
      const [width, nothing] = [recurrence.gates * n, zeros([batch, n], X.dtype) as Tensor]
      const rows = reshape(X, [length * batch, features] as never) as Tensor
      /** The part of an input for one direction. */
      const of = (v: Value | undefined, d: number): Tensor | undefined =>
        v && (slice(floatsOf(v, X.dtype), [d] as never) as Tensor)
      const run = (d: number, isBackward: boolean): readonly [outputs: readonly Tensor[], last: Carry] => {
        const biases = of(b, d) ?? (zeros([2 * width], X.dtype) as Tensor)
        const [inner, outer] = [0, 1].map((i) =>
          ordered(slice(biases, [[i * width, (i + 1) * width]] as never) as Tensor, kind, n),
        ) as [Tensor, Tensor]
        const [W, R] = [w, r].map((v) => ordered(of(v, d) as Tensor, kind, n)) as [Tensor, Tensor]
        const all = reshape(mapped(rows, W, inner), [length, batch, width] as never) as Tensor
        const outputs: Tensor[] = []
        let carry: Carry = { h: of(h0, d) ?? nothing, ...(recurrence.cells && { c: of(c0, d) ?? nothing }) }
        for (let i = 0; i < length; i++) {
          const t = isBackward ? length - 1 - i : i
          carry = recurrence.step(slice(all, [t] as never) as Tensor, mapped(carry.h, R, outer), carry, n)
          outputs[t] = carry.h
        }
        return [outputs, carry]
      }
      const runs = both ? [run(0, false), run(1, true)] : [run(0, direction === 'reverse')]
      const steps = Array.from(
        { length },
        (_, t) =>
          stack(
            runs.map(([outputs]) => outputs[t] as Tensor),
            0 as never,
          ) as Tensor,
      )
      const last = (part: (carry: Carry) => Tensor): Value =>
        ofTensor(
          stack(
            runs.map(([, carry]) => part(carry)),
            0 as never,
          ) as Tensor,
        )
      return [
        ofTensor(stack(steps, 0 as never) as Tensor),
        last(({ h }) => h),
        ...(recurrence.cells ? [last(({ c }) => c as Tensor)] : []),
      ]
    }
  }

export const recurrences: Operators = {
  RNN: recurrent({ recurrence: rnnSteps, gates: [0], activations: ['Tanh'] }),
  GRU: recurrent({ recurrence: gruSteps, gates: [1, 0, 2], activations: ['Sigmoid', 'Tanh'] }),
  LSTM: recurrent({ recurrence: lstmSteps, gates: [0, 2, 3, 1], activations: ['Sigmoid', 'Tanh', 'Tanh'] }),
}
