import { ValueError } from '../error/tensorError.ts'
import { type AnyLayer, type Layer, none } from '../layer/layer.ts'
import { describe } from '../tensor/data.ts'
import type { Ending } from '../type/ending.ts'
import type { Any } from '../type/port.ts'
import {
  type Affine,
  checkNormalization,
  eachExample,
  type NormalizationOptions,
  type ScaleShift,
  scaleShift,
} from './normalization.ts'

/** Groups of channels, each normalized by itself. */
export const grouped = (
  kind: string,
  groups: number,
  channels: number,
  options: NormalizationOptions<boolean>,
): AnyLayer => {
  checkNormalization(kind, [channels], options)
  const { epsilon = 1e-5, affine = true, ...initial } = options
  if (!Number.isInteger(groups) || groups < 1 || channels % groups !== 0)
    throw new ValueError({
      op: kind,
      expected: `groups that divide ${channels} channels`,
      actual: describe(groups),
    })
  const params = affine ? scaleShift([channels], initial) : none
  return eachExample(kind, [channels], params, ([batch]) => ({
    blocks: batch as number,
    groups,
    centered: true,
    epsilon,
  }))
}

/**
 * (x − mean) / √(variance + ε) · scale + shift, with the channels, the last axis, split into groups of neighbors. Mean
 * and variance are those of one group in one example, over all its positions and channels; scale and shift are for each
 * channel. Training and evaluation compute the same, also for a batch of one. The variance is biased (divided by n),
 * and ε is 1e-5. Scale and shift start as ones and zeros; `affine: false` omits them. All of this is as in PyTorch. One
 * group of all channels is layer normalization of whole images; as many groups as channels are instance normalization.
 *
 * Groups that do not divide the channels, and a negative ε, are a `ValueError`. An input with other channels is a
 * `ShapeError`, at compile time if they are known there.
 *
 * Wu, He, "Group normalization" (ECCV 2018).
 *
 * @example
 * import { fromNested, groupNorm, init, key, predict, toNested } from 'pullback'
 * const layer = groupNorm(2, 4, { epsilon: 0 })
 * toNested(predict(layer, init(layer, key(0)), fromNested([[1, 3, 20, 10]]))) // => [[-1, 1, 1, -1]]
 */
export const groupNorm = <const C extends number, const A extends boolean = true>(
  groups: number,
  channels: C,
  options: NormalizationOptions<A> = {},
): Layer<Any, Ending<readonly [C]>, Affine<A, ScaleShift<readonly [C]>>> =>
  grouped('groupNorm', groups, channels, options) as never
