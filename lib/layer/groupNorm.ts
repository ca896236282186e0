import { ValueError } from '../error/tensorError.ts'
import { add } from '../op/add.ts'
import { mul } from '../op/mul.ts'
import { normalized } from '../op/normalize.ts'
import { reshape } from '../op/reshape.ts'
import { broadcast } from '../op/sum.ts'
import { transpose } from '../op/transpose.ts'
import { ones, zeros } from '../tensor/create.ts'
import { describe } from '../tensor/data.ts'
import { sizeOf } from '../tensor/shape.ts'
import type { Ending } from '../type/ending.ts'
import type { Any } from '../type/port.ts'
import type { Tensor } from '../type/tensor.ts'
import { layer } from './custom.ts'
import { type AnyLayer, any, type Layer, none } from './layer.ts'
import {
  type Affine,
  checkNormalization,
  leadingSizes,
  type NormalizationOptions,
  type ScaleShift,
  scaleShift,
} from './normalization.ts'

/**
 * The channels, the last axis, in groups of neighbours: (x − mean) / √(variance + ε) · scale + shift, where mean and variance are those
 * of a group of one example, over all its places and channels; scale and shift are for each channel. The same in training and in
 * evaluation, for a batch of one too. The variance is biased (divided by n), ε is 1e-5; scale and shift begin as ones and zeros, and
 * `affine: false` does without them. All as in PyTorch. One group of all channels is layer normalisation of whole images, as many as
 * channels instance normalisation.
 *
 * Groups that do not divide the channels, and a negative ε, are a `ValueError`; an input of other channels is a `ShapeError`, at compile
 * time where they are known there.
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
  { epsilon = 1e-5, affine = true as A, ...initial }: NormalizationOptions<A> = {},
): Layer<Any, Ending<readonly [C]>, Affine<A, ScaleShift<readonly [C]>>> => {
  checkNormalization('groupNorm', [channels], epsilon)
  const each = channels / groups
  if (!Number.isInteger(groups) || groups < 1 || !Number.isInteger(each))
    throw new ValueError({
      op: 'groupNorm',
      expected: `groups that divide ${channels} channels`,
      actual: describe(groups),
    })
  const shape = [channels] as const
  const made: AnyLayer = layer({
    kind: 'groupNorm',
    input: any,
    params: affine ? scaleShift(shape, initial) : none,
    forward: (given, x) => {
      const [batch, ...places] = leadingSizes('groupNorm', shape, x, given) as [number, ...number[]]
      const n = sizeOf(places)
      const apart = transpose(reshape(x, [batch, n, groups, each]), [0, 2, 1, 3])
      const rows = reshape(apart, [batch * groups, n * each]) as Tensor
      const o = { each: 'row', centred: true, epsilon } as const
      const z = reshape(normalized(rows, ones([n * each], x.dtype), zeros([n * each], x.dtype), o), [
        batch,
        groups,
        n,
        each,
      ])
      const y = reshape(transpose(z, [0, 2, 1, 3]), x.shape) as Tensor
      if (!affine) return y
      const { scale, shift } = given as ScaleShift<typeof shape>
      return add(mul(y, broadcast(scale, x.shape)), broadcast(shift, x.shape))
    },
  })
  return made
}
