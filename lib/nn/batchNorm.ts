import { untraced } from '../diff/untraced.ts'
import { isFrom } from '../error/options.ts'
import { ValueError } from '../error/tensorError.ts'
import { constant, zeros } from '../initializer/constant.ts'
import { any, type Cotangents, type Layer, none, type Spec } from '../layer/layer.ts'
import { own } from '../layer/records.ts'
import { addScaled } from '../op/elementwise/add.ts'
import { scale as scaled } from '../op/elementwise/scale.ts'
import { moments, normalize, normalizeBy } from '../op/normalize/normalize.ts'
import { reshape } from '../op/shape/reshape.ts'
import { describe } from '../tensor/data.ts'
import { showShape, sizeOf } from '../tensor/shape.ts'
import type { Ending } from '../type/ending.ts'
import type { Any } from '../type/port.ts'
import type { Shape, Tensor } from '../type/tensor.ts'
import {
  type Affine,
  asMatrix,
  checkNormalization,
  type Learned,
  leadingSizes,
  type NormalizationOptions,
  type ScaleShift,
  scaleShift,
} from './normalization.ts'

/** The state of batch normalization: a running mean and a running variance for each channel. */
export type RunningMoments<C extends number> = {
  readonly mean: Tensor<readonly [C]>
  readonly variance: Tensor<readonly [C]>
}

export interface BatchNormOptions<A extends boolean> extends NormalizationOptions<A> {
  /**
   * The weight of the minibatch in the running mean and variance: new = (1 − momentum) · old + momentum · minibatch.
   */
  readonly momentum?: number | undefined
}

type Moments = { readonly mean: Tensor; readonly variance: Tensor }

/** The running moments after a minibatch with n values for each channel. */
const moved = (old: Moments, { mean, variance }: Moments, n: number, momentum: number): Moments => {
  const towards = (old: Tensor, now: Tensor, share: number) =>
    addScaled(scaled(untraced(old), 1 - momentum), now, share)
  return {
    mean: towards(old.mean, mean, momentum),
    variance: towards(old.variance, variance, (momentum * n) / (n - 1)),
  }
}

/**
 * (x − mean) / √(variance + ε) · scale + shift for each channel. The channels are the last axis, of vectors [channels]
 * as well as of images [height, width, channels]. In training, mean and variance are those of the minibatch, over all
 * examples and positions, and the gradient goes through them; the state moves toward them by `momentum`, 0.1 by
 * default. In evaluation, mean and variance are those of the state, which does not change.
 *
 * The variance of the minibatch is biased (divided by n), the running variance unbiased (divided by n − 1). ε is 1e-5.
 * Scale and shift start as ones and zeros; `affine: false` omits them. The running mean and variance start as 0 and 1.
 * All of this is as in PyTorch.
 *
 * Fewer than two values for each channel in training are a `ValueError`, and so are a negative ε and a momentum outside
 * [0, 1]. An input with other channels is a `ShapeError`, at compile time if they are known there.
 *
 * Ioffe, Szegedy, "Batch normalization: accelerating deep network training by reducing internal covariate shift" (ICML
 * 2015).
 *
 * @example
 * import { apply, batchNorm, fromNested, init, key, toNested } from 'pullback'
 * const layer = batchNorm(2, { epsilon: 0, momentum: 0.5 })
 * const x = fromNested([[1, 20], [3, 10]])
 * const { value, state } = apply(layer, init(layer, key(0)), { mode: 'train', key: key(1) }, x)
 * toNested(value) // => [[-1, 1], [1, -1]]
 * toNested(state.mean) // => [1, 7.5]
 * toNested(state.variance) // => [1.5, 25.5]
 */
export const batchNorm = <const C extends number, const A extends boolean = true>(
  channels: C,
  options: BatchNormOptions<A> = {},
): Layer<Any, Ending<readonly [C]>, Affine<A, ScaleShift<readonly [C]>>, RunningMoments<C>> => {
  type P = Affine<A, ScaleShift<readonly [C]>>
  const shape = [channels] as const
  checkNormalization('batchNorm', shape, options, ['momentum', 'epsilon', 'affine', 'scale', 'shift'])
  const { epsilon = 1e-5, momentum = 0.1, affine = true as A, ...initial } = options
  if (!isFrom(momentum, 0, 1))
    throw new ValueError({ op: 'batchNorm', expected: 'a momentum from 0 to 1', actual: describe(momentum) })
  const o = { blocks: 1, groups: channels, centered: true, epsilon }

  const spec = affine ? scaleShift(shape, initial) : none
  return {
    kind: 'batchNorm',
    input: any,
    params: spec as Spec<P>,
    state: { mean: { shape, draw: zeros }, variance: { shape, draw: constant(1) } } as unknown as Spec<
      RunningMoments<C>
    >,
    apply: (params, state, context, x) => {
      const old = state as unknown as Moments
      const learned: Learned = own(spec, params)
      const n = sizeOf(leadingSizes('batchNorm', shape, x, { ...learned, ...old }))
      const train = context.mode === 'train'
      if (train && n < 2)
        throw new ValueError({
          op: 'batchNorm',
          expected: 'at least two values for each channel in training',
          actual: showShape(x.shape),
          code: 'empty-batch',
          remedy: 'use larger minibatches, or layerNorm; evaluated(layer) takes the running moments',
        })
      const size = [n, channels] as const
      const [mean, variance] = train
        ? moments(reshape(untraced(x), size as Shape) as Tensor, o)
        : [untraced(old.mean), untraced(old.variance)]
      const [value, pullback] = asMatrix(x, size, learned, (columns, scale, shift) =>
        (train ? normalize : normalizeBy).pull(columns, scale, shift, mean, variance, o),
      )
      return {
        value,
        state: train ? (moved(old, { mean, variance }, n, momentum) as unknown as RunningMoments<C>) : state,
        pullback: pullback as (dy: Tensor) => Cotangents<P, Tensor>,
      }
    },
  }
}
