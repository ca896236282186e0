import { checkOptions, isFrom } from '../../error/options.ts'
import { ValueError } from '../../error/tensorError.ts'
import { checkLayer } from '../../layer/checkLayer.ts'
import type { AnyLayer, Layer } from '../../layer/layer.ts'
import type { Loose } from '../../layer/records.ts'
import { gelu } from '../../nn/activation.ts'
import { dropout } from '../../nn/dropout.ts'
import { layerNorm } from '../../nn/layerNorm.ts'
import { type LinearParams, linear } from '../../nn/linear.ts'
import type { ScaleShift } from '../../nn/normalization.ts'
import {
  type AttentionParams,
  attention,
  type CrossAttentionParams,
  type Crossed,
  type Crossing,
  crossAttention,
  type Heads,
} from '../../nn/sequence/attention.ts'
import type { Sequence, Unrolled } from '../../nn/sequence/recurrent.ts'
import { add } from '../../op/elementwise/add.ts'
import { describe } from '../../tensor/data.ts'
import type { Tensor } from '../../type/tensor.ts'
import { define } from '../define.ts'
import { eachStep } from './eachStep.ts'

export interface TransformerOptions<M extends boolean = false> {
  /** The number of hidden units of the two linear maps after attention, 4 times the width by default. */
  readonly hidden?: number | undefined
  /** The probability of dropout behind attention and behind each linear map, 0 by default. */
  readonly drop?: number | undefined
  /** 'pre' (the default) normalizes what goes into each part, 'post' what comes out of each sum, as in the first paper. */
  readonly norm?: 'pre' | 'post' | undefined
  /** The layer between the two linear maps, `gelu` by default. */
  readonly activation?: AnyLayer | undefined
  /** True to take a mask too, as `attention` does. */
  readonly masked?: M | undefined
  /** True to turn queries and keys by their places. */
  readonly rotary?: boolean | undefined
}

export interface EncoderOptions<M extends boolean = false> extends TransformerOptions<M> {
  /** True if each step sees itself and earlier steps only. */
  readonly causal?: boolean | undefined
}

/** The parameters of a block, under the names of PyTorch's `TransformerEncoderLayer`. */
export type EncoderParams<W extends number> = {
  readonly attention: AttentionParams<W>
  readonly norm1: ScaleShift<readonly [W]>
  readonly linear1: LinearParams<W, number>
  readonly linear2: LinearParams<number, W>
  readonly norm2: ScaleShift<readonly [W]>
}

type Apply = (x: Loose) => Tensor
type Calls = { readonly [name: string]: Apply }

const shared = ['hidden', 'drop', 'norm', 'activation', 'masked', 'rotary'] as const

/** The layers behind attention, checked; and a part of the block with its norm and its way around. */
const block = (kind: string, width: number, given: TransformerOptions<boolean>, norms: number) => {
  const { hidden = 4 * width, drop = 0, norm = 'pre', activation = gelu } = given
  if (norm !== 'pre' && norm !== 'post')
    throw new ValueError({ op: kind, expected: "norm 'pre' or 'post'", actual: describe(norm) })
  if (!isFrom(drop, 0, 1))
    throw new ValueError({ op: kind, expected: 'a probability from 0 to 1', actual: describe(drop) })
  checkLayer(kind, activation, 'an activation, which is a layer')
  const layers = {
    ...Object.fromEntries(Array.from({ length: norms }, (_, i) => [`norm${i + 1}`, layerNorm(width)])),
    linear1: eachStep(linear(width, hidden)),
    linear2: eachStep(linear(hidden, width)),
    activation,
    drop: dropout({ drop }),
  }
  const around = (x: Tensor, by: Apply, f: (x: Tensor) => Tensor, dropped: Apply): Tensor => {
    const sum = (y: Tensor): Tensor => add(x, dropped(y) as never) as Tensor
    return norm === 'pre' ? sum(f(by(x))) : by(sum(f(x)))
  }
  const forward = (x: Tensor, of: Calls, by: Apply): Tensor =>
    around(
      x,
      by,
      (z) => call(of, 'linear2')(call(of, 'drop')(call(of, 'activation')(call(of, 'linear1')(z)))),
      call(of, 'drop'),
    )
  return { layers, around, forward }
}

const call = (of: Calls, name: string): Apply => of[name] as Apply

/**
 * A block of a transformer that encodes: self-attention, then two linear maps with an activation between them at each
 * step, each with a way around it and with layer normalization; [steps, width] to [steps, width], or { input, mask }.
 * With `causal` it is the block of a language model.
 *
 * Vaswani et al., "Attention is all you need" (2017); norms first after Xiong et al. (2020).
 *
 * @example
 * import { init, key, predict, transformerEncoder, zeros } from 'pullback'
 * const layer = transformerEncoder(8, 2, { causal: true, drop: 0.1 })
 * predict(layer, init(layer, key(0)), zeros([3, 10, 8])).shape // => [3, 10, 8]
 */
export const transformerEncoder = <const W extends number, const H extends number, const M extends boolean = false>(
  width: W,
  heads: Heads<H, W>,
  options: EncoderOptions<M> = {},
): Layer<Sequence<W, M>, Unrolled<W, 'all'>, EncoderParams<W>> => {
  checkOptions('transformerEncoder', options, [...shared, 'causal'])
  const { causal, masked, rotary } = options
  const { layers, around, forward } = block('transformerEncoder', width, options, 2)
  const self = attention(width as number, heads as never, { causal, masked: masked as boolean | undefined, rotary })
  const graph = (x: Loose, of: Calls): Tensor => {
    const input: Tensor = masked === true ? x.input : x
    const seen = around(
      input,
      call(of, 'norm1'),
      (z) => call(of, 'attention')(masked === true ? { input: z, mask: x.mask } : z),
      call(of, 'drop'),
    )
    return forward(seen, of, call(of, 'norm2'))
  }
  return (define as Loose)(self.input, { attention: self, ...layers }, graph)
}

/** The parameters of a block, under the names of PyTorch's `TransformerDecoderLayer`. */
export type DecoderParams<W extends number> = EncoderParams<W> & {
  readonly cross: CrossAttentionParams<W, W>
  readonly norm3: ScaleShift<readonly [W]>
}

/**
 * A block of a transformer that decodes: causal self-attention, attention to a memory, then two linear maps with an
 * activation between them at each step: { input [steps, width], memory [seen, width] } to [steps, width]. With `masked`
 * the port has a mask [seen] of the memory too.
 *
 * Vaswani et al., "Attention is all you need" (2017).
 *
 * @example
 * import { init, key, predict, transformerDecoder, zeros } from 'pullback'
 * const layer = transformerDecoder(8, 2)
 * const x = { input: zeros([3, 4, 8]), memory: zeros([3, 10, 8]) }
 * predict(layer, init(layer, key(0)), x).shape // => [3, 4, 8]
 */
export const transformerDecoder = <const W extends number, const H extends number, const M extends boolean = false>(
  width: W,
  heads: Heads<H, W>,
  options: TransformerOptions<M> = {},
): Layer<Crossing<W, W, M>, Crossed<W>, DecoderParams<W>> => {
  checkOptions('transformerDecoder', options, [...shared])
  const { masked, rotary } = options
  const { layers, around, forward } = block('transformerDecoder', width, options, 3)
  const self = attention(width as number, heads as never, { causal: true, rotary })
  const cross = crossAttention(width as number, heads as never, { masked: masked as boolean | undefined })
  const graph = ({ input, ...rest }: Loose, of: Calls): Tensor => {
    const seen = around(input, call(of, 'norm1'), call(of, 'attention'), call(of, 'drop'))
    const read = around(seen, call(of, 'norm2'), (z) => call(of, 'cross')({ input: z, ...rest }), call(of, 'drop'))
    return forward(read, of, call(of, 'norm3'))
  }
  return (define as Loose)(cross.input, { attention: self, cross, ...layers }, graph)
}
