import { checkOptions } from '../../error/options.ts'
import { ShapeError } from '../../error/tensorError.ts'
import { zeros } from '../../initializer/constant.ts'
import { glorotUniform } from '../../initializer/varianceScaling.ts'
import { derived } from '../../layer/derived.ts'
import type { Layer, Spec } from '../../layer/layer.ts'
import { reshape } from '../../op/shape/reshape.ts'
import { slice } from '../../op/shape/slice.ts'
import type { Fn } from '../../type/port.ts'
import type { Tensor } from '../../type/tensor.ts'
import type { Divides } from '../../type/window.ts'
import type { LinearParams } from '../linear.ts'
import { attend, fromHeads, toHeads } from './attend.ts'
import type { Sequence, Unrolled } from './recurrent.ts'
import { rotated } from './rotary.ts'
import { affineSpec, checkSizes, mapped } from './weights.ts'

/** The number of heads if it divides the width, else a sentence. */
export type Heads<H extends number, W extends number> =
  Divides<H, W> extends false ? `${H} heads do not divide a width of ${W}` : H

export interface AttentionOptions<M extends boolean = false> {
  /** True if each step sees itself and earlier steps only. */
  readonly causal?: boolean | undefined
  /** True to take a mask too: steps where it is 0 are not looked at. */
  readonly masked?: M | undefined
  /** True to turn queries and keys by their places (rotary positions). */
  readonly rotary?: boolean | undefined
}

/** The maps to queries, keys and values side by side, and that of the heads' results. */
export type AttentionParams<W extends number> = {
  readonly input: LinearParams<W, number>
  readonly output: LinearParams<W, W>
}

const checkHeads = (kind: string, width: number, heads: number): void => {
  checkSizes(kind, { features: width, heads })
  if (width % heads !== 0)
    throw new ShapeError({ op: kind, expected: `heads that divide a width of ${width}`, actual: `${heads}` })
}

/** A linear map as PyTorch draws that of its attention. */
const projection = (inputs: number, outputs: number): Spec<LinearParams<number, number>> =>
  ({ W: { shape: [outputs, inputs], draw: glorotUniform }, b: { shape: [outputs], draw: zeros } }) as never
const result = (width: number): Spec<LinearParams<number, number>> =>
  ({ W: affineSpec(width, width, width).W, b: { shape: [width], draw: zeros } }) as never

/** A linear map of each step: [batch, steps, in] to [batch, steps, out]. */
const ofSteps = (by: LinearParams<number, number>, x: Tensor): Tensor => {
  const [batch, steps, width] = x.shape as readonly [number, number, number]
  const y = mapped(by, reshape(x, [batch * steps, width]) as Tensor)
  return reshape(y, [batch, steps, y.shape[1] as number]) as Tensor
}

/** Equal parts of the last axis. */
const parts = (x: Tensor, width: number): readonly Tensor[] =>
  Array.from(
    { length: (x.shape[2] as number) / width },
    (_, i) => slice(x, [null, null, [i * width, (i + 1) * width]]) as Tensor,
  )

type Params = AttentionParams<number>
type Masked = { readonly input: Tensor; readonly mask: Tensor }

/**
 * Multi-head self-attention over a sequence, [steps, width] to [steps, width]: in each of the heads, which share the
 * width, softmax(Q Kᵀ / √e) V for Q, K, V linear in the input and e = width / heads; then a linear map of all heads. With
 * `causal` a step sees itself and earlier steps only: later inputs never change its output. With `masked` the input is
 * { input, mask [steps] }: steps whose mask is 0 are not looked at, and a step that may look at nothing gets the bias
 * alone. Weights are laid out and drawn as in PyTorch's `MultiheadAttention`.
 *
 * Heads that do not divide the width are a `ShapeError`, at compile time if both are literal.
 *
 * Vaswani et al., "Attention is all you need" (2017).
 *
 * @example
 * import { attention, init, key, predict, zeros } from 'pullback'
 * const layer = attention(8, 2, { causal: true })
 * predict(layer, init(layer, key(0)), zeros([3, 10, 8])).shape // => [3, 10, 8]
 */
export const attention = <const W extends number, const H extends number, const M extends boolean = false>(
  width: W,
  heads: Heads<H, W>,
  options: AttentionOptions<M> = {},
): Layer<Sequence<W, M>, Unrolled<W, 'all'>, AttentionParams<W>> => {
  checkOptions('attention', options, ['causal', 'masked', 'rotary'])
  checkHeads('attention', width, heads as number)
  const port = options.masked === true ? { input: [-1, width], mask: [-1] } : [-1, width]
  const spec = { input: projection(width, 3 * width), output: result(width) }
  return derived<never, never, Params>('attention', port as never, spec as never, (given) => {
    const x: Tensor | Masked = given.x
    const { input, mask } = options.masked === true ? (x as Masked) : { input: x as Tensor, mask: undefined }
    const [q, k, v] = parts(ofSteps(given.params.input, input), width).map((part) => toHeads(part, heads as number))
    const [turnedQ, turnedK] = [q, k].map((part) => (options.rotary === true ? rotated(part as Tensor) : part))
    const seen = attend(turnedQ as Tensor, turnedK as Tensor, v as Tensor, { causal: options.causal, mask })
    return ofSteps(given.params.output, fromHeads(seen))
  }) as never
}

/** The maps to queries, and to keys and values side by side, and that of the heads' results. */
export type CrossAttentionParams<W extends number, N extends number> = {
  readonly query: LinearParams<W, W>
  readonly memory: LinearParams<N, number>
  readonly output: LinearParams<W, W>
}

/** The steps that ask, and those that are looked at, with a mask for these if it takes one. */
export type Crossing<W extends number, N extends number, M extends boolean> = {
  readonly input: readonly [number, W]
  readonly memory: readonly [number, N]
} & (M extends true ? { readonly mask: readonly [number] } : unknown)

/** The steps that ask, with a result each. */
export interface Crossed<W extends number> extends Fn {
  readonly out: this['in'] extends { readonly input: readonly [infer T extends number, number] }
    ? readonly [T, W]
    : readonly [number, W]
}

/**
 * Multi-head attention of one sequence to another: { input [steps, width], memory [seen, features] } to [steps, width].
 * Queries come from the input, keys and values from the memory. The memory has as many features as the input unless
 * `memory` says otherwise. With `masked` the port has a mask [seen] too: steps of the memory where it is 0 are not looked
 * at.
 *
 * @example
 * import { crossAttention, init, key, predict, zeros } from 'pullback'
 * const layer = crossAttention(8, 2)
 * const x = { input: zeros([3, 4, 8]), memory: zeros([3, 10, 8]) }
 * predict(layer, init(layer, key(0)), x).shape // => [3, 4, 8]
 */
export const crossAttention = <
  const W extends number,
  const H extends number,
  const N extends number = W,
  const M extends boolean = false,
>(
  width: W,
  heads: Heads<H, W>,
  options: { readonly memory?: N | undefined; readonly masked?: M | undefined } = {},
): Layer<Crossing<W, N, M>, Crossed<W>, CrossAttentionParams<W, N>> => {
  checkOptions('crossAttention', options, ['memory', 'masked'])
  checkHeads('crossAttention', width, heads as number)
  const features = options.memory ?? width
  checkSizes('crossAttention', { 'features of the memory': features })
  const port = { input: [-1, width], memory: [-1, features], ...(options.masked === true && { mask: [-1] }) }
  const spec = { query: projection(width, width), memory: projection(features, 2 * width), output: result(width) }
  type Given = { readonly input: Tensor; readonly memory: Tensor; readonly mask?: Tensor }
  return derived<never, never, CrossAttentionParams<number, number>>(
    'crossAttention',
    port as never,
    spec as never,
    ({ params, x }) => {
      const { input, memory, mask }: Given = x
      const q = toHeads(ofSteps(params.query, input), heads as number)
      const [k, v] = parts(ofSteps(params.memory, memory), width).map((part) => toHeads(part, heads as number))
      return ofSteps(params.output, fromHeads(attend(q, k as Tensor, v as Tensor, { mask })))
    },
  ) as never
}
