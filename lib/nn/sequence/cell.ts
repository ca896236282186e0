import type { Cell } from '../../layer/cell.ts'
import { derived } from '../../layer/derived.ts'
import type { Empty, Spec } from '../../layer/layer.ts'
import type { Tree } from '../../tree/tree.ts'
import type { Tensor } from '../../type/tensor.ts'
import type { LinearParams } from '../linear.ts'
import { type Carry, gruSteps, lstmSteps, type Recurrence, rnnSteps } from './steps.ts'
import { affineSpec, checkSizes, mapped } from './weights.ts'

/**
 * The parameters of a recurrence of G gates: the linear map of the input and that of the hidden state, both to all gates
 * side by side, in the order of PyTorch: `weight_ih`, `bias_ih`, `weight_hh`, `bias_hh`.
 */
export type RecurrentParams<I extends number, GH extends number, H extends number> = {
  readonly input: LinearParams<I, GH>
  readonly hidden: LinearParams<H, GH>
}

export const recurrentSpec = <I extends number, H extends number>(
  { kind, gates }: Recurrence,
  inputs: I,
  hidden: H,
): Spec<RecurrentParams<I, number, H>> => {
  checkSizes(kind, { inputs, 'hidden units': hidden })
  return {
    input: affineSpec(inputs, gates * hidden, hidden),
    hidden: affineSpec(hidden, gates * hidden, hidden),
  } as never
}

type Maps = RecurrentParams<number, number, number>
type Given = {
  readonly params: Maps
  readonly x: { readonly input: Tensor; readonly carry: Tensor | Carry }
}

const cell =
  (recurrence: Recurrence) =>
  (inputs: number, hidden: number): Cell<never, never, never, Maps, Empty> => {
    const { kind, cells, step } = recurrence
    const port = { input: [inputs], carry: cells ? { h: [hidden], c: [hidden] } : [hidden] }
    const forward = ({ params, x }: Given): Tree => {
      const before: Carry = cells ? (x.carry as Carry) : { h: x.carry as Tensor }
      const after = step(mapped(params.input, x.input), mapped(params.hidden, before.h), before, hidden)
      return { output: after.h, carry: cells ? (after as Tree) : after.h }
    }
    return derived(`${kind}Cell`, port, recurrentSpec(recurrence, inputs, hidden) as never, forward as never) as never
  }

/**
 * One step of a plain recurrent network: h′ = tanh(x Wᵀ + b + h Uᵀ + c), which is output and carried on. `recur` runs it
 * over a sequence, and `rnn` does so faster. Weights are drawn uniformly from ±1/√hidden, as in PyTorch.
 *
 * @example
 * import { init, key, predict, rnnCell, zeros } from 'pullback'
 * const layer = rnnCell(3, 4)
 * predict(layer, init(layer, key(0)), { input: zeros([2, 3]), carry: zeros([2, 4]) }).carry.shape // => [2, 4]
 */
export const rnnCell = /* @__PURE__ */ cell(rnnSteps) as unknown as <const I extends number, const H extends number>(
  inputs: I,
  hidden: H,
) => Cell<readonly [I], readonly [H], readonly [H], RecurrentParams<I, H, H>, Empty>

/**
 * One step of a gated recurrent unit, for gates from the input, x Wᵀ + b, and from h, h Uᵀ + c, in three blocks:
 * r = σ(x_r + h_r), z = σ(x_z + h_z), n = tanh(x_n + r ⊙ h_n), h′ = (1 − z) ⊙ n + z ⊙ h, which is output and carried on.
 * The bias of h_n is within r, as in PyTorch and cuDNN. `recur` runs it over a sequence, and `gru` does so faster.
 *
 * Cho et al., "Learning phrase representations using RNN encoder-decoder" (EMNLP 2014).
 *
 * @example
 * import { gruCell, init, key, predict, zeros } from 'pullback'
 * const layer = gruCell(3, 4)
 * predict(layer, init(layer, key(0)), { input: zeros([2, 3]), carry: zeros([2, 4]) }).output.shape // => [2, 4]
 */
export const gruCell = /* @__PURE__ */ cell(gruSteps) as unknown as <const I extends number, const H extends number>(
  inputs: I,
  hidden: H,
) => Cell<readonly [I], readonly [H], readonly [H], RecurrentParams<I, number, H>, Empty>

/** What an LSTM carries: its output h and the contents c of its cells. */
export type LstmCarry<H extends number> = { readonly h: readonly [H]; readonly c: readonly [H] }

/**
 * One step of a long short-term memory, for gates x Wᵀ + b + h Uᵀ + d in four blocks, i, f, g, o as in PyTorch:
 * c′ = σ(f) ⊙ c + σ(i) ⊙ tanh(g) and h′ = σ(o) ⊙ tanh(c′). h′ is output; both are carried on. `recur` runs it over a
 * sequence, and `lstm` does so faster.
 *
 * Hochreiter and Schmidhuber, "Long short-term memory" (1997), with the forget gate of Gers et al. (2000).
 *
 * @example
 * import { init, key, lstmCell, predict, zeros } from 'pullback'
 * const layer = lstmCell(3, 4)
 * const carry = { h: zeros([2, 4]), c: zeros([2, 4]) }
 * predict(layer, init(layer, key(0)), { input: zeros([2, 3]), carry }).carry.c.shape // => [2, 4]
 */
export const lstmCell = /* @__PURE__ */ cell(lstmSteps) as unknown as <const I extends number, const H extends number>(
  inputs: I,
  hidden: H,
) => Cell<readonly [I], LstmCarry<H>, readonly [H], RecurrentParams<I, number, H>, Empty>
