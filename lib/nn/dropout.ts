import { checkOptions, isFrom } from '../error/options.ts'
import { ValueError } from '../error/tensorError.ts'
import { any, type Layer, lazy, none } from '../layer/layer.ts'
import { add } from '../op/elementwise/add.ts'
import { mul } from '../op/elementwise/mul.ts'
import { scale, shift } from '../op/elementwise/scale.ts'
import { broadcast } from '../op/reduce/sum.ts'
import { bernoulli } from '../random/draw.ts'
import type { Key } from '../random/key.ts'
import { describe, floatDType } from '../tensor/data.ts'
import { checkRank } from '../tensor/shape.ts'
import type { Any, Same } from '../type/port.ts'
import type { Shape, Tensor } from '../type/tensor.ts'
import { noiseFor } from './noise.ts'

/** How likely an entry is to be dropped, from 0 to 1. */
export interface DropoutOptions {
  readonly drop: number
}

/** Each entry times a factor, plus an addend. */
type Noise = (x: Tensor, key: Key, drop: number) => { readonly factor: Tensor; readonly addend?: Tensor }

/** A layer that is noisy in training, and hands its input on in evaluation or if nothing is dropped. Its input has so many axes at least. */
const noisy = (kind: string, options: DropoutOptions, rank: number, noise: Noise): Layer<Any, Same> => {
  checkOptions(kind, options, ['drop'])
  const { drop } = options
  if (!isFrom(drop, 0, 1))
    throw new ValueError({ op: kind, expected: 'a probability from 0 to 1', actual: describe(drop) })
  return {
    kind,
    input: any,
    params: none,
    state: none,
    apply: (_params, _state, context, x) => {
      floatDType(kind, x)
      checkRank(kind, x, rank)
      if (context.mode === 'eval' || drop === 0)
        return { value: x, state: none, pullback: (dy) => ({ params: () => none, input: () => dy }) }
      const { factor, addend } = noise(x, context.key, drop)
      const scaled = mul(x, factor)
      return {
        value: addend === undefined ? scaled : add(scaled, addend),
        state: none,
        pullback: (dy) => ({ params: () => none, input: lazy(() => mul(dy, factor)) }),
      }
    },
  }
}

/** 1 where an entry is kept, else 0. */
const keptOf = (key: Key, drop: number, shape: Shape, x: Tensor): Tensor =>
  noiseFor(x, shape, (all) => bernoulli(key, 1 - drop, all, x.dtype))

/** 1 / (1 − drop) where an entry is kept, else 0. */
const inverted = (key: Key, drop: number, shape: Shape, x: Tensor): Tensor =>
  scale(keptOf(key, drop, shape, x), drop === 1 ? 0 : 1 / (1 - drop))

/**
 * In training each entry is 0 with probability `drop`, else divided by 1 − drop, so that its mean stays what it is; all are 0 if `drop`
 * is 1. In evaluation the input itself. For any shape. Which entries are dropped follows from the key of the context and the names
 * around the layer alone: the same on every engine and in either precision. The pullback drops the same ones. Within `vmap` and
 * `perExampleGrad` each example drops its own, those that it drops where all are one minibatch.
 *
 * A probability outside [0, 1] is a `ValueError`.
 *
 * Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting" (JMLR 2014), in the inverted form.
 *
 * @example
 * import { apply, dropout, key, ones, toNested } from 'pullback'
 * const layer = dropout({ drop: 0.5 })
 * const x = ones([1, 4])
 * toNested(apply(layer, { params: {}, state: {} }, { mode: 'train', key: key(1) }, x).value) // => [[2, 0, 2, 2]]
 * toNested(apply(layer, { params: {}, state: {} }, { mode: 'eval' }, x).value) // => [[1, 1, 1, 1]]
 */
export const dropout = (options: DropoutOptions): Layer<Any, Same> =>
  noisy('dropout', options, 0, (x, key, drop) => ({ factor: inverted(key, drop, x.shape, x) }))

/**
 * `dropout` of whole channels, the last axis: in each example a channel is 0 everywhere with probability `drop`, else divided by
 * 1 − drop. For images [height, width, channels], whose neighbouring entries say much the same, and for any other shape that
 * ends in channels.
 *
 * A probability outside [0, 1] is a `ValueError`, an input without channels a `ShapeError`.
 *
 * Tompson et al., "Efficient object localization using convolutional networks" (CVPR 2015).
 *
 * @example
 * import { apply, key, ones, spatialDropout, toNested } from 'pullback'
 * const layer = spatialDropout({ drop: 0.5 })
 * const { value } = apply(layer, { params: {}, state: {} }, { mode: 'train', key: key(1) }, ones([1, 2, 1, 2]))
 * toNested(value) // => [[[[2, 0]], [[2, 0]]]]
 */
export const spatialDropout = (options: DropoutOptions): Layer<Any, Same> =>
  noisy('spatialDropout', options, 2, (x, key, drop) => {
    const last = x.shape.length - 1
    const shape = x.shape.map((n, i) => (i === 0 || i === last ? n : 1))
    return { factor: broadcast(inverted(key, drop, shape, x), x.shape) }
  })

/** The limit of selu far below 0: −λα. */
const dropped = -1.7580993408473766

/**
 * Dropout for networks with `selu`: in training each entry is −λα with probability `drop`, that is −1.7581, the limit of selu far below 0; then
 * all are a · x + b, so that entries with mean 0 and variance 1 keep both: a = 1 / √((1 − drop)(1 + drop λ²α²)), b = a · drop · λα. All are 0
 * if `drop` is 1, as in PyTorch. In evaluation the input itself.
 *
 * A probability outside [0, 1] is a `ValueError`.
 *
 * Klambauer et al., "Self-normalizing neural networks" (NIPS 2017).
 *
 * @example
 * import { alphaDropout, apply, key, toArray, zeros } from 'pullback'
 * const layer = alphaDropout({ drop: 0.5 })
 * const { value } = apply(layer, { params: {}, state: {} }, { mode: 'train', key: key(1) }, zeros([1, 2]))
 * toArray(value).map((v) => v.toFixed(4)) // => ['0.7792', '-0.7792']
 */
export const alphaDropout = (options: DropoutOptions): Layer<Any, Same> =>
  noisy('alphaDropout', options, 0, (x, key, drop) => {
    const kept = keptOf(key, drop, x.shape, x)
    if (drop === 1) return { factor: kept }
    const a = 1 / Math.sqrt((1 - drop) * (1 + drop * dropped * dropped))
    return { factor: scale(kept, a), addend: shift(scale(kept, -a * dropped), a * dropped * (1 - drop)) }
  })
