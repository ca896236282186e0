import { checkOptions } from '../../error/options.ts'
import { within } from '../../error/tensorError.ts'
import type { Layer } from '../../layer/layer.ts'
import type { Loose } from '../../layer/records.ts'
import { checkSteps } from '../../layer/timed.ts'
import type { LinearParams } from '../../nn/linear.ts'
import type { ScaleShift } from '../../nn/normalization.ts'
import { type Attended, type AttentionParams, attention } from '../../nn/sequence/attention.ts'
import {
  type CrossAttentionParams,
  type Crossed,
  type Crossing,
  crossAttention,
} from '../../nn/sequence/crossAttention.ts'
import type { Heads } from '../../nn/sequence/heads.ts'
import { cleared, type Masking, maskOf, maskPort } from '../../nn/sequence/mask.ts'
import type { Unrolled } from '../../nn/sequence/recurrent.ts'
import type { Tensor } from '../../type/tensor.ts'
import { block, blockOptions, call, entitled, type TransformerOptions } from './block.ts'

/**
 * The parameters of a block, under the names of PyTorch's `TransformerEncoderLayer`, but for `attention`, which is
 * `self_attn` there.
 */
export type EncoderParams<W extends number> = {
  readonly attention: AttentionParams<W>
  readonly norm1: ScaleShift<readonly [W]>
  readonly linear1: LinearParams<W, number>
  readonly linear2: LinearParams<number, W>
  readonly norm2: ScaleShift<readonly [W]>
}

/** The input of a layer of attention, with its mask if it has one. */
const withMask = (input: Tensor, mask: Tensor | undefined): Loose => (mask === undefined ? input : { input, mask })

/**
 * A block of a transformer that encodes: self-attention, then two linear maps with an activation between them at each
 * step, each with a way around it and with layer normalization; [steps, width] to [steps, width], or { input, mask }.
 * With `causal` it is the block of a language model. What stands in padding is read as 0: it changes no result, and gets
 * no gradient.
 *
 * Vaswani et al., "Attention is all you need" (2017); norms first after Xiong et al. (2020).
 *
 * @example
 * import { init, key, predict, transformerEncoder, zeros } from 'pullback'
 * const layer = transformerEncoder(8, 2, { causal: true, drop: 0.1 })
 * predict(layer, init(layer, key(0)), zeros([3, 10, 8])).shape // => [3, 10, 8]
 */
export const transformerEncoder = <const W extends number, const H extends number, const M extends Masking = false>(
  width: W,
  heads: Heads<H, W>,
  options: TransformerOptions<M> = {},
): Layer<Attended<W, M>, Unrolled<W, 'all'>, EncoderParams<W>> => {
  const kind = 'transformerEncoder'
  checkOptions(kind, options, blockOptions)
  const { causal, masked, rotary, drop } = options
  const { layers, around, forward } = block(kind, width, heads as number, options, 2)
  const self = attention<number, number, Masking>(width, heads as never, { causal, masked, rotary, drop })
  const given = (x: Loose): { readonly input: Tensor; readonly mask?: Tensor } =>
    Array.isArray(self.input) ? { input: x } : x
  const check = (x: Loose): void => {
    const { input, mask } = given(x)
    checkSteps(kind, input)
    if (mask !== undefined) maskOf(kind, mask, input)
  }
  return entitled(kind, self.input, { attention: self, ...layers }, check, (x, of) => {
    const { input, mask } = given(x)
    const seen = around(cleared(input, mask), of, 'norm1', (z) => call(of, 'attention')(withMask(z, mask)))
    return forward(seen, of)
  })
}

/**
 * The parameters of a block, under the names of PyTorch's `TransformerDecoderLayer`, but for `attention`, which is
 * `self_attn` there, and `cross`, which is `multihead_attn`.
 */
export type DecoderParams<W extends number> = EncoderParams<W> & {
  readonly cross: CrossAttentionParams<W, W>
  readonly norm3: ScaleShift<readonly [W]>
}

export interface DecoderOptions<M extends Masking = false, T extends boolean = false> extends TransformerOptions<M> {
  /** True to take a mask [steps] of the input too, under the name `inputMask`. */
  readonly inputMasked?: T | undefined
}

/** The input of a decoder and its memory, with a mask for each if it takes one. */
export type Decoding<W extends number, M extends Masking, T extends boolean> = Crossing<W, W, M> &
  (T extends true ? { readonly inputMask: readonly [number] } : unknown)

/**
 * A block of a transformer that decodes: causal self-attention, attention to a memory, then two linear maps with an
 * activation between them at each step: { input [steps, width], memory [seen, width] } to [steps, width]. With `masked`
 * the port has a mask [seen] of the memory too, with `inputMasked` an `inputMask` [steps]. What stands in padding is read
 * as 0.
 *
 * Vaswani et al., "Attention is all you need" (2017).
 *
 * @example
 * import { init, key, predict, transformerDecoder, zeros } from 'pullback'
 * const layer = transformerDecoder(8, 2)
 * const x = { input: zeros([3, 4, 8]), memory: zeros([3, 10, 8]) }
 * predict(layer, init(layer, key(0)), x).shape // => [3, 4, 8]
 */
export const transformerDecoder = <
  const W extends number,
  const H extends number,
  const M extends Masking = false,
  const T extends boolean = false,
>(
  width: W,
  heads: Heads<H, W>,
  options: DecoderOptions<M, T> = {},
): Layer<Decoding<W, M, T>, Crossed<W>, DecoderParams<W>> => {
  const kind = 'transformerDecoder'
  checkOptions(kind, options, [...blockOptions, 'inputMasked'])
  const { causal = true, masked, inputMasked, rotary, drop } = options
  const { layers, around, forward } = block(kind, width, heads as number, options, 3)
  const self = attention<number, number, boolean>(width, heads as never, { causal, masked: inputMasked, rotary, drop })
  const cross = crossAttention<number, number, number, Masking>(width, heads as never, { masked, drop })
  const port = { ...cross.input, ...maskPort(inputMasked, 'inputMask') }
  const check = ({ input, memory, mask, inputMask }: Loose): void => {
    within('input', () => checkSteps(kind, input))
    within('memory', () => checkSteps(kind, memory))
    if (mask !== undefined) maskOf(kind, mask, memory, { by: input })
    if (inputMask !== undefined) maskOf(kind, inputMask, input, { name: 'inputMask' })
  }
  return entitled(kind, port, { attention: self, cross, ...layers }, check, ({ input, inputMask, ...rest }, of) => {
    const seen = around(cleared(input, inputMask), of, 'norm1', (z) => call(of, 'attention')(withMask(z, inputMask)))
    const read = around(seen, of, 'norm2', (z) => call(of, 'cross')({ input: z, ...rest }))
    return forward(read, of)
  })
}
