// The layers of Keras around another one.
import { brief } from '../../codec/safetensors/header.ts'
import { compose } from '../../combinator/compose.ts'
import { define } from '../../combinator/define.ts'
import { identity, input } from '../../combinator/identity.ts'
import { eachStep } from '../../combinator/sequence/eachStep.ts'
import { type AnyLayer, any } from '../../layer/layer.ts'
import type { Loose } from '../../layer/records.ts'
import { add } from '../../op/elementwise/add.ts'
import { mul } from '../../op/elementwise/mul.ts'
import { scale } from '../../op/elementwise/scale.ts'
import { concat } from '../../op/shape/concat.ts'
import { ownOf } from '../../tree/name.ts'
import type { Shape, Tensor } from '../../type/tensor.ts'
import { field, flag, type KerasLayer } from './config.ts'
import type { Piece } from './piece.ts'
import { recurrenceIn } from './recurrent.ts'
import { misfit } from './shape.ts'
import { listedIn } from './topology.ts'
import { unsupported } from './wrong.ts'

/** The layer within, under the name of the one around it. */
const within = (layer: KerasLayer): KerasLayer => ({
  ...layer,
  ...listedIn(ownOf(layer.config, 'layer'), `${layer.path}.config.layer`),
})

/** A layer for each step of a sequence. */
export const eachOf = (piece: Piece, shape: Shape | undefined): Piece => {
  const layer = compose(piece.layer, piece.after ?? identity) as AnyLayer
  if (layer.input === any && shape === undefined) throw unsupported('a layer whose input is known', 'one for any')
  const known: AnyLayer = layer.input === any ? (compose as Loose)(input(shape as Shape), layer) : layer
  return {
    ...piece,
    layer: eachStep(known) as unknown as AnyLayer,
    after: undefined,
    gives: (all) => {
      if (all.length < 2) throw misfit('a sequence', all)
      return [all[0] as number, ...piece.gives(all.slice(1))]
    },
  }
}

/** Makes the layer within TimeDistributed for each step; its weights may be under either name. */
export const timeDistributed =
  (make: (layer: KerasLayer) => Piece) =>
  (layer: KerasLayer): Piece => {
    const inner = within(layer)
    const shape = layer.shape?.slice(1)
    return eachOf(make({ ...inner, name: layer.name, shape }), shape)
  }

type Merge = (a: Tensor, b: Tensor) => Tensor
const merges: ReadonlyMap<unknown, Merge> = new Map<unknown, Merge>([
  ['concat', (a, b) => concat([a, b], -1 as never) as Tensor],
  ['sum', (a, b) => add(a, b as never) as Tensor],
  ['ave', (a, b) => scale(add(a, b as never), 0.5) as Tensor],
  ['mul', (a, b) => mul(a, b as never) as Tensor],
])

/** A recurrence in both directions. */
export const bidirectional = (layer: KerasLayer): Piece => {
  const inner = within(layer)
  const mode = field(layer, 'merge_mode') ?? null
  const merge = merges.get(mode)
  if (merge === undefined) throw unsupported(`merge_mode among ${[...merges.keys()].join(', ')}`, brief(mode))
  if (flag(inner, 'go_backwards', false)) throw unsupported('a recurrence that goes forward', 'go_backwards')
  if (field(layer, 'backward_layer') !== undefined) throw unsupported('one layer for both directions', 'backward_layer')
  const one = (direction: string, reverse: boolean): Piece => {
    const found = recurrenceIn({ ...inner, name: `${layer.name}/${direction}_${inner.name}` }, reverse)
    if (found === undefined) throw unsupported('SimpleRNN, GRU or LSTM in both directions', inner.className)
    return found
  }
  const [forward, backward] = [one('forward', false), one('backward', true)]
  const both = (x: Loose, of: Loose): Tensor => merge(of.forward(x), of.backward(x))
  return {
    layer: (define as Loose)(forward.layer.input, { forward: forward.layer, backward: backward.layer }, both),
    params: { forward: forward.params, backward: backward.params },
    state: {},
    gives: (shape) => {
      const given = forward.gives(shape)
      return mode === 'concat' ? given.with(-1, 2 * (given.at(-1) as number)) : given
    },
  }
}
