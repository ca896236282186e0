// Parts and options that the blocks of transformers share.
import { ValueError } from '../../error/tensorError.ts'
import { checkLayer } from '../../layer/checkLayer.ts'
import type { AnyLayer } from '../../layer/layer.ts'
import { checkPort } from '../../layer/port.ts'
import type { Loose, LooseApply } from '../../layer/records.ts'
import { gelu } from '../../nn/activation.ts'
import { checkDrop, dropout } from '../../nn/dropout.ts'
import { layerNorm } from '../../nn/layerNorm.ts'
import { linear } from '../../nn/linear.ts'
import { checkHeads } from '../../nn/sequence/heads.ts'
import type { Masking } from '../../nn/sequence/mask.ts'
import { checkSizes } from '../../nn/sequence/weights.ts'
import { add } from '../../op/elementwise/add.ts'
import { describe } from '../../tensor/data.ts'
import type { Tensor } from '../../type/tensor.ts'
import { define } from '../define.ts'
import { eachStep } from './eachStep.ts'

export interface TransformerOptions<M extends Masking = false> {
  /** The number of hidden units of the two linear maps after attention, 4 times the width by default. */
  readonly hidden?: number | undefined
  /** The probability of dropout of the weights of attention, behind attention and behind each linear map, 0 by default. */
  readonly drop?: number | undefined
  /** 'pre' (the default) normalizes what goes into each part, 'post' what comes out of each sum, as in the first paper. */
  readonly norm?: 'pre' | 'post' | undefined
  /** The layer between the two linear maps, `gelu` by default. */
  readonly activation?: AnyLayer | undefined
  /** True or 'pairs' to take a mask too: an encoder as `attention` does, a decoder for its memory as `crossAttention`. */
  readonly masked?: M | undefined
  /** True to turn queries and keys of self-attention by their places. */
  readonly rotary?: boolean | undefined
  /** True if each step sees itself and earlier steps only: by default in a decoder, and not in an encoder. */
  readonly causal?: boolean | undefined
}

export const blockOptions = ['hidden', 'drop', 'norm', 'activation', 'masked', 'rotary', 'causal'] as const

type Apply = (x: Loose) => Tensor
/** The layers of a block as functions. */
export type Calls = { readonly [name: string]: Apply }
export const call = (of: Calls, name: string): Apply => of[name] as Apply

/** The layers behind attention, checked; and a part of the block with its norm and its way around. */
export const block = (
  kind: string,
  width: number,
  heads: number,
  given: TransformerOptions<Masking>,
  norms: number,
) => {
  const { hidden = 4 * width, drop = 0, norm = 'pre', activation = gelu } = given
  checkHeads(kind, width, heads)
  checkSizes(kind, { 'hidden units': hidden })
  if (norm !== 'pre' && norm !== 'post')
    throw new ValueError({ op: kind, expected: "norm 'pre' or 'post'", actual: describe(norm) })
  checkDrop(kind, drop)
  checkLayer(kind, activation, 'an activation, which is a layer')
  const layers = {
    ...Object.fromEntries(Array.from({ length: norms }, (_, i) => [`norm${i + 1}`, layerNorm(width)])),
    linear1: eachStep(linear(width, hidden)),
    linear2: eachStep(linear(hidden, width)),
    activation,
    drop: dropout({ drop }),
  }
  const around = (x: Tensor, of: Calls, by: string, f: Apply): Tensor => {
    const sum = (y: Tensor): Tensor => add(x, call(of, 'drop')(y) as never) as Tensor
    return norm === 'pre' ? sum(f(call(of, by)(x))) : call(of, by)(sum(f(x)))
  }
  const forward = (x: Tensor, of: Calls): Tensor =>
    around(x, of, `norm${norms}`, (z) =>
      call(of, 'linear2')(call(of, 'drop')(call(of, 'activation')(call(of, 'linear1')(z)))),
    )
  return { layers, around, forward }
}

/** A graph of layers under a name of its own, which errors say. `check` looks at each minibatch before it runs. */
export const entitled = (
  kind: string,
  port: Loose,
  layers: { readonly [name: string]: AnyLayer },
  check: (x: Loose) => void,
  graph: (x: Loose, of: Calls) => Tensor,
): Loose => {
  const under = (layer: Loose): Loose => {
    const apply: LooseApply = (params, state, context, x) => {
      checkPort(kind, port, x)
      check(x)
      return layer.apply(params, state, context, x)
    }
    const rebuild = (parts: readonly AnyLayer[]): Loose => under(layer.structure.rebuild(parts))
    return { ...layer, kind, apply, structure: { ...layer.structure, rebuild } }
  }
  return under((define as Loose)(port, layers, graph))
}
