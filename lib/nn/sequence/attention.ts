import { checkOptions } from '../../error/options.ts'
import { derived } from '../../layer/derived.ts'
import type { Layer } from '../../layer/layer.ts'
import { checkSteps } from '../../layer/timed.ts'
import { slice } from '../../op/shape/slice.ts'
import type { Tensor } from '../../type/tensor.ts'
import type { LinearParams } from '../linear.ts'
import { attend } from './attend.ts'
import { checkHeads, droppedBy, type Heads, ofSteps, projection, result, toHeads } from './heads.ts'
import { cleared, type Masking, maskOf, maskPort } from './mask.ts'
import type { Sequence, Unrolled } from './recurrent.ts'
import { rotated } from './rotary.ts'

export interface AttentionOptions<M extends Masking = false> {
  /** True if each step sees itself and earlier steps only. */
  readonly causal?: boolean | undefined
  /**
   * True to take a mask [steps] too: steps where it is not above 0 are padding. 'pairs' to take a mask [steps, steps]: a
   * step looks only at those where its row is above 0.
   */
  readonly masked?: M | undefined
  /** True to turn queries and keys by their places (rotary positions). */
  readonly rotary?: boolean | undefined
  /** The probability of dropout of the weights with which steps look at each other, 0 by default. */
  readonly drop?: number | undefined
}

/** A sequence, with a mask if the layer takes one. */
export type Attended<W extends number, M extends Masking> = M extends 'pairs'
  ? { readonly input: readonly [number, W]; readonly mask: readonly [number, number] }
  : Sequence<W, M extends true ? true : false>

/** The maps to queries, keys and values side by side, and that of the heads' results. */
export type AttentionParams<W extends number> = {
  readonly input: LinearParams<W, number>
  readonly output: LinearParams<W, W>
}

/** Equal parts of the last axis. */
const parts = (x: Tensor, width: number): readonly Tensor[] =>
  [0, 1, 2].map((i) => slice(x, [null, null, [i * width, (i + 1) * width]]) as Tensor)

type Masked = { readonly input: Tensor; readonly mask?: Tensor }

/**
 * Multi-head self-attention over a sequence, [steps, width] to [steps, width]: in each of the heads, which share the
 * width, softmax(Q Kᵀ / √e) V for Q, K, V linear in the input and e = width / heads; then a linear map of all heads. With
 * `causal` a step sees itself and earlier steps only: later inputs never change its output, as long as they are finite.
 * With `masked` the input is { input, mask [steps] }: steps whose mask is not above 0 are padding, which is read as 0, so
 * that nothing in it, not even NaN, changes a result. A step that may look at nothing gets zeros, and no gradient goes
 * through it. Weights are laid out and drawn as in PyTorch's `MultiheadAttention`.
 *
 * Heads that do not divide the width are a `ShapeError`, at compile time if both are literal; so are a sequence without
 * steps and a mask of another shape.
 *
 * Vaswani et al., "Attention is all you need" (2017).
 *
 * @example
 * import { attention, init, key, predict, zeros } from 'pullback'
 * const layer = attention(8, 2, { causal: true })
 * predict(layer, init(layer, key(0)), zeros([3, 10, 8])).shape // => [3, 10, 8]
 */
export const attention = <const W extends number, const H extends number, const M extends Masking = false>(
  width: W,
  heads: Heads<H, W>,
  options: AttentionOptions<M> = {},
): Layer<Attended<W, M>, Unrolled<W, 'all'>, AttentionParams<W>> => {
  const kind = 'attention'
  checkOptions(kind, options, ['causal', 'masked', 'rotary', 'drop'])
  checkHeads(kind, width, heads as number)
  const dropped = droppedBy(kind, options.drop)
  const mask = maskPort(options.masked)
  const port = 'mask' in mask ? { input: [-1, width], ...mask } : [-1, width]
  const spec = { input: projection(width, 3 * width), output: result(width) }
  return derived<never, never, AttentionParams<number>>(
    kind,
    port as never,
    spec as never,
    ({ params, x }, context) => {
      const { input, mask }: Masked = 'mask' in port ? (x as Masked) : { input: x as Tensor }
      checkSteps(kind, input)
      if (mask !== undefined) maskOf(kind, mask, input)
      const all = ofSteps(params.input, cleared(input, mask))
      const [q, k, v] = parts(all, width).map((part) => toHeads(part, heads as number)) as [Tensor, Tensor, Tensor]
      const turned = options.rotary === true ? ([rotated(q), rotated(k), v] as const) : ([q, k, v] as const)
      const output = (seen: Tensor): Tensor => ofSteps(params.output, seen)
      return attend(turned, { causal: options.causal, mask }, dropped(context), output)
    },
  ) as never
}
