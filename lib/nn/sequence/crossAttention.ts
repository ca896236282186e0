import { checkOptions } from '../../error/options.ts'
import { within } from '../../error/tensorError.ts'
import { derived } from '../../layer/derived.ts'
import type { Layer } from '../../layer/layer.ts'
import { checkSteps } from '../../layer/timed.ts'
import type { Fn } from '../../type/port.ts'
import type { Tensor } from '../../type/tensor.ts'
import type { LinearParams } from '../linear.ts'
import { attend } from './attend.ts'
import { checkHeads, droppedBy, type Heads, ofSteps, projection, result, toHeads } from './heads.ts'
import { cleared, type Masking, maskOf, maskPort } from './mask.ts'
import { checkSizes } from './weights.ts'

export interface CrossAttentionOptions<N extends number = number, M extends Masking = false> {
  /** The features of the memory, as many as those of the input by default. */
  readonly memory?: N | undefined
  /**
   * True to take a mask [seen] too: steps of the memory where it is not above 0 are padding. 'pairs' to take a mask
   * [steps, seen]: a step looks only at those where its row is above 0.
   */
  readonly masked?: M | undefined
  /** True if step i sees the steps of the memory up to i only. */
  readonly causal?: boolean | undefined
  /** The probability of dropout of the weights with which steps look at the memory, 0 by default. */
  readonly drop?: number | undefined
}

/** The maps to queries, to keys and to values, and that of the heads' results. */
export type CrossAttentionParams<W extends number, N extends number> = {
  readonly query: LinearParams<W, W>
  readonly key: LinearParams<N, W>
  readonly value: LinearParams<N, W>
  readonly output: LinearParams<W, W>
}

/** The steps that ask, and those that are looked at, with a mask if the layer takes one. */
export type Crossing<W extends number, N extends number, M extends Masking> = {
  readonly input: readonly [number, W]
  readonly memory: readonly [number, N]
} & (M extends 'pairs'
  ? { readonly mask: readonly [number, number] }
  : M extends true
    ? { readonly mask: readonly [number] }
    : unknown)

/** The steps that ask, with a result each. */
export interface Crossed<W extends number> extends Fn {
  readonly out: this['in'] extends { readonly input: readonly [infer T extends number, number] }
    ? readonly [T, W]
    : readonly [number, W]
}

/**
 * Multi-head attention of one sequence to another: { input [steps, width], memory [seen, features] } to [steps, width].
 * Queries are linear in the input, keys and values in the memory. With `masked` the port has a mask [seen] too: steps of
 * the memory whose mask is not above 0 are padding, which is read as 0. A step that may look at nothing gets zeros.
 * Weights have the names and layouts of PyTorch's `MultiheadAttention` in `toStateDict`.
 *
 * Heads that do not divide the width are a `ShapeError`, at compile time if both are literal; so are sequences without
 * steps and a mask of another shape.
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
  const M extends Masking = false,
>(
  width: W,
  heads: Heads<H, W>,
  options: CrossAttentionOptions<N, M> = {},
): Layer<Crossing<W, N, M>, Crossed<W>, CrossAttentionParams<W, N>> => {
  const kind = 'crossAttention'
  checkOptions(kind, options, ['memory', 'masked', 'causal', 'drop'])
  checkHeads(kind, width, heads as number)
  const features = options.memory ?? width
  checkSizes(kind, { 'features of the memory': features })
  const dropped = droppedBy(kind, options.drop)
  const port = { input: [-1, width], memory: [-1, features], ...maskPort(options.masked) }
  const ofMemory = projection(features, width)
  const spec = { query: projection(width, width), key: ofMemory, value: ofMemory, output: result(width) }
  type Params = CrossAttentionParams<number, number>
  type Given = { readonly input: Tensor; readonly memory: Tensor; readonly mask?: Tensor }
  return derived<never, never, Params>(kind, port as never, spec as never, ({ params, x }, context) => {
    const { input, memory, mask }: Given = x
    within('input', () => checkSteps(kind, input))
    within('memory', () => checkSteps(kind, memory))
    if (mask !== undefined) maskOf(kind, mask, memory, { by: input })
    const read = cleared(memory, mask)
    const headed = (by: LinearParams<number, number>, x: Tensor): Tensor => toHeads(ofSteps(by, x), heads as number)
    const all = [headed(params.query, input), headed(params.key, read), headed(params.value, read)] as const
    const output = (seen: Tensor): Tensor => ofSteps(params.output, seen)
    return attend(all, { causal: options.causal, mask }, dropped(context), output)
  }) as never
}
