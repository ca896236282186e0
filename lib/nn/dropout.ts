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

/** The probability that an entry is dropped, from 0 to 1. */
export interface DropoutOptions {
  readonly drop: number
}

/** Checks the probability of dropout. */
export const checkDrop = (kind: string, drop: unknown): void => {
  if (!isFrom(drop, 0, 1))
    throw new ValueError({ op: kind, expected: 'a probability from 0 to 1', actual: describe(drop) })
}

/** The noise of a layer: it multiplies each entry by a factor and may add an addend. */
type Noise = (x: Tensor, key: Key, drop: number) => { readonly factor: Tensor; readonly addend?: Tensor }

/**
 * A layer that adds noise in training. It returns its input unchanged in evaluation, or if nothing is dropped. Its
 * input has at least `rank` axes.
 */
const noisy = (kind: string, options: DropoutOptions, rank: number, noise: Noise): Layer<Any, Same> => {
  checkOptions(kind, options, ['drop'])
  const { drop } = options
  checkDrop(kind, drop)
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
 * In training, each entry is set to 0 with probability `drop` and otherwise divided by 1 − drop, so that its mean stays
 * the same; all entries are 0 if `drop` is 1. In evaluation, the layer returns its input. It takes any shape. The key
 * of the context and the names around the layer alone determine which entries are dropped: they are the same on every
 * engine and in either precision. The pullback drops the same entries. Within `vmap` and `perExampleGrad` each example
 * drops its own entries, the same ones as when all examples are one minibatch.
 *
 * A probability outside [0, 1] is a `ValueError`.
 *
 * Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting" (JMLR 2014), in the inverted
 * form.
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
 * Drops whole channels, the last axis: in each example a channel is set to 0 everywhere with probability `drop` and
 * otherwise divided by 1 − drop. It suits images [height, width, channels], in which neighboring entries carry much the
 * same information, and takes any other shape that ends in channels.
 *
 * A probability outside [0, 1] is a `ValueError`; an input without channels is a `ShapeError`.
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
 * Dropout for networks with `selu`: in training, each entry is set to −λα = −1.7581, the limit of selu far below 0,
 * with probability `drop`. Then all entries become a · x + b with a = 1 / √((1 − drop)(1 + drop λ²α²)) and b = a · drop
 * · λα, so that entries with mean 0 and variance 1 keep both. All are 0 if `drop` is 1, as in PyTorch. In evaluation,
 * the layer returns its input.
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
