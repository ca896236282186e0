// SimpleRNN, GRU and LSTM, and a pair of them in both directions.
import { brief } from '../../codec/safetensors/header.ts'
import type { AnyLayer } from '../../layer/layer.ts'
import { gru, lstm, rnn } from '../../nn/sequence/recurrent.ts'
import { hardtanh } from '../../op/activation/hardtanh.ts'
import { relu } from '../../op/activation/relu.ts'
import { scale, shift } from '../../op/elementwise/scale.ts'
import { sigmoid } from '../../op/elementwise/sigmoid.ts'
import { tanh } from '../../op/elementwise/tanh.ts'
import { concat } from '../../op/shape/concat.ts'
import { slice } from '../../op/shape/slice.ts'
import { zeros } from '../../tensor/create.ts'
import type { AnyTensor, Tensor } from '../../type/tensor.ts'
import { nameOf } from './activation.ts'
import { field, flag, type KerasLayer, number, weight, whole } from './config.ts'
import { type Piece, type Tensors, turned } from './piece.ts'
import { type OwnRecurrence, ownRecurrence, type Unary } from './recurrence.ts'
import { checkEnd } from './shape.ts'
import { unsupported } from './wrong.ts'

type Kind = OwnRecurrence['kind']

const functions: ReadonlyMap<unknown, Unary> = new Map<unknown, Unary>([
  ['linear', (x) => x],
  ['relu', relu as Unary],
  ['sigmoid', sigmoid as Unary],
  ['tanh', tanh as Unary],
])
const hardSigmoid =
  (slope: number): Unary =>
  (x) =>
    hardtanh(shift(scale(x, slope), 0.5), 0, 1) as Tensor

const functionOf = (layer: KerasLayer, name: string, usual: string): readonly [name: unknown, f: Unary] => {
  const found = nameOf(field(layer, name) ?? usual)
  const f = found === 'hard_sigmoid' ? hardSigmoid(layer.isKeras3 ? 1 / 6 : 0.2) : functions.get(found)
  if (f !== undefined) return [found, f]
  throw unsupported(`${name} among ${[...functions.keys()].join(', ')}, hard_sigmoid`, brief(found))
}

/** Options that a recurrence may not have, and how they can be avoided. */
const refusals: readonly (readonly [field: string, instead: string])[] = [
  ['return_state', 'the outputs alone'],
  ['stateful', 'a recurrence that begins with zeros'],
  ['time_major', 'the batch as the first axis'],
  ['zero_output_for_mask', 'a recurrence without a mask'],
]

const checkPlain = (layer: KerasLayer): void => {
  for (const [name, instead] of refusals) if (flag(layer, name, false)) throw unsupported(instead, name)
  for (const name of ['dropout', 'recurrent_dropout'])
    if (number(layer, name, 0) !== 0)
      throw unsupported(`${name} 0, with which the model predicts the same`, brief(field(layer, name)))
}

const blocks: Readonly<Record<Kind, number>> = { rnn: 1, gru: 3, lstm: 4 }

/** The gates of Keras in our order: those of a GRU are z, r, h there, and r, z, h here. */
const inOrder = (kind: Kind, n: number, x: AnyTensor): AnyTensor => {
  const block = (i: number): Tensor => slice(x as Tensor, [[i * n, (i + 1) * n]] as never) as Tensor
  return (kind === 'gru' ? concat([block(1), block(0), block(2)]) : x) as AnyTensor
}

/** The biases of the input and of h; without reset_after there is one for both. */
const biases = (layer: KerasLayer, kind: Kind, n: number, isTwo: boolean): readonly [AnyTensor, AnyTensor] => {
  const width = blocks[kind] * n
  if (!flag(layer, 'use_bias', true)) return [zeros([width]), zeros([width])]
  if (!isTwo) return [inOrder(kind, n, weight(layer, 'bias', [width])), zeros([width])]
  const both = weight(layer, 'bias', [2, width])
  const row = (i: number): AnyTensor => inOrder(kind, n, slice(both as Tensor, [i] as never) as AnyTensor)
  return [row(0), row(1)]
}

/** The weights and the sizes of a recurrence. */
const weightsOf = (given: KerasLayer, kind: Kind, isTwo: boolean) => {
  const layer = { ...given, name: given.weights.holder(given.name, 'recurrent_kernel') }
  const n = whole(layer, 'units')
  const width = blocks[kind] * n
  const kernel = weight(layer, 'kernel', [-1, width])
  const [own, hidden] = biases(layer, kind, n, isTwo)
  const W = inOrder(kind, n, turned(kind, 'input.W', kernel))
  const U = inOrder(kind, n, turned(kind, 'hidden.W', weight(layer, 'recurrent_kernel', [n, width])))
  return { inputs: kernel.shape[0] as number, n, params: { input: { W, b: own }, hidden: { W: U, b: hidden } } }
}

const catalogue = { rnn, gru, lstm }

/** A recurrence in one direction: that of the catalogue where it has the same functions. */
const directed = (layer: KerasLayer, kind: Kind, reverse: boolean): Piece => {
  checkPlain(layer)
  const [end, f] = functionOf(layer, 'activation', 'tanh')
  const [gate, g] =
    kind === 'rnn' ? ['sigmoid', sigmoid as Unary] : functionOf(layer, 'recurrent_activation', 'sigmoid')
  const resetsAfter = kind === 'gru' && flag(layer, 'reset_after', true)
  const { inputs, n, params } = weightsOf(layer, kind, resetsAfter)
  const outputs = flag(layer, 'return_sequences', false) ? 'all' : 'last'
  const isOurs = end === 'tanh' && gate === 'sigmoid' && (kind !== 'gru' || resetsAfter)
  return {
    layer: isOurs
      ? (catalogue[kind](inputs, n, { outputs, reverse }) as unknown as AnyLayer)
      : ownRecurrence(inputs, n, { kind, end: f, gate: g, resetsAfter, outputs, reverse }),
    params: params as Tensors,
    state: {},
    gives: (shape) => {
      checkEnd(shape, 2, inputs)
      return outputs === 'all' ? [shape[0] as number, n] : [n]
    },
  }
}

const kinds: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ['SimpleRNN', 'rnn'],
  ['GRU', 'gru'],
  ['LSTM', 'lstm'],
])

/** A recurrence by its class; undefined for another layer. */
export const recurrenceIn = (layer: KerasLayer, reverse: boolean): Piece | undefined => {
  const kind = kinds.get(layer.className)
  return kind && directed(layer, kind, reverse)
}

export const recurrent = (layer: KerasLayer): Piece => {
  const reverse = flag(layer, 'go_backwards', false)
  if (reverse && flag(layer, 'return_sequences', false))
    throw unsupported('return_sequences from the first step to the last', 'go_backwards')
  return recurrenceIn(layer, reverse) as Piece
}
