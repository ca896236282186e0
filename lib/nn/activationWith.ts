import { checkOptions } from '../error/options.ts'
import { ShapeError, ValueError } from '../error/tensorError.ts'
import { fromFunction } from '../layer/elementwise.ts'
import { any, type Layer } from '../layer/layer.ts'
import { parameterless } from '../layer/stateless.ts'
import { elu as eluOperation } from '../op/activation/elu.ts'
import { hardtanh as hardtanhOperation } from '../op/activation/hardtanh.ts'
import { leakyRelu as leakyReluOperation } from '../op/activation/leakyRelu.ts'
import { softplus as softplusOperation } from '../op/activation/softplus.ts'
import { logSoftmax, softmax } from '../op/reduce/softmax.ts'
import { zeros } from '../tensor/create.ts'
import { describe } from '../tensor/data.ts'
import { showShape } from '../tensor/shape.ts'
import type { Any, Same } from '../type/port.ts'
import type { Tensor } from '../type/tensor.ts'

type Pull = Parameters<typeof parameterless>[2]

/** A layer from an operation with options. The options are checked at once, by a run on an empty tensor. */
const withOptions = (kind: string, pull: Pull): Layer<Any, Same> => {
  pull(zeros([0]))
  return parameterless<Any, Same>(kind, any, pull)
}

/**
 * x where x > 0, else slope · x; the default slope is 0.01. The derivative at 0 is the slope. A slope that is not
 * finite is a `ValueError`.
 *
 * @example
 * import { fromNested, init, key, leakyRelu, predict, toNested } from 'pullback'
 * const layer = leakyRelu({ slope: 0.25 })
 * toNested(predict(layer, init(layer, key(0)), fromNested([[-4, 2]]))) // => [[-1, 2]]
 */
export const leakyRelu = (options: { readonly slope?: number | undefined } = {}): Layer<Any, Same> => {
  checkOptions('leakyRelu', options, ['slope'])
  const { slope = 0.01 } = options
  return withOptions('leakyRelu', (x) => leakyReluOperation.pull(x, slope))
}

/**
 * x where x > 0, else alpha · (eˣ − 1); the default alpha is 1. The derivative at 0 is alpha. An alpha that is not
 * finite is a `ValueError`.
 *
 * @example
 * import { elu, fromNested, init, key, predict, toNested } from 'pullback'
 * const layer = elu()
 * toNested(predict(layer, init(layer, key(0)), fromNested([[-100, 2]]))) // => [[-1, 2]]
 */
export const elu = (options: { readonly alpha?: number | undefined } = {}): Layer<Any, Same> => {
  checkOptions('elu', options, ['alpha'])
  const { alpha = 1 } = options
  return withOptions('elu', (x) => eluOperation.pull(x, alpha))
}

/**
 * log(1 + exp(beta · x)) / beta, a smooth relu; the default beta is 1. PyTorch switches to x itself where beta · x >
 * 20; this layer does not, and differs from PyTorch by less than 3e-9 / beta. A beta that is not above 0 is a
 * `ValueError`.
 *
 * @example
 * import { fromNested, init, key, predict, softplus, toNested } from 'pullback'
 * const layer = softplus()
 * toNested(predict(layer, init(layer, key(0)), fromNested([[-1000, 1000]]))) // => [[0, 1000]]
 */
export const softplus = (options: { readonly beta?: number | undefined } = {}): Layer<Any, Same> => {
  checkOptions('softplus', options, ['beta'])
  const { beta = 1 } = options
  return withOptions('softplus', (x) => softplusOperation.pull(x, beta))
}

/**
 * min(max, max(min, x)); the default bounds are −1 and 1. The derivative is 0 at the bounds. Bounds are a `ValueError`
 * unless min is below max.
 *
 * @example
 * import { fromNested, hardtanh, init, key, predict, toNested } from 'pullback'
 * const layer = hardtanh({ min: 0 })
 * toNested(predict(layer, init(layer, key(0)), fromNested([[-3, 0.5, 3]]))) // => [[0, 0.5, 1]]
 */
export const hardtanh = (
  options: { readonly min?: number | undefined; readonly max?: number | undefined } = {},
): Layer<Any, Same> => {
  checkOptions('hardtanh', options, ['min', 'max'])
  const { min = -1, max = 1 } = options
  return withOptions('hardtanh', (x) => hardtanhOperation.pull(x, min, max))
}

/** A layer from an operation along an axis of an example. */
const alongAxis = (
  kind: string,
  options: { readonly axis: number },
  operation: (x: Tensor, axis: number) => Tensor,
): Layer<Any, Same> => {
  checkOptions(kind, options, ['axis'])
  const { axis } = options
  if (!Number.isSafeInteger(axis)) throw new ValueError({ op: kind, expected: 'a whole axis', actual: describe(axis) })
  return fromFunction(kind, (x) => {
    const at = axis < 0 ? x.shape.length + axis : axis + 1
    if (at >= 1 && at < x.shape.length) return operation(x, at)
    throw new ShapeError({ op: kind, expected: `examples with an axis ${axis}`, actual: showShape(x.shape.slice(1)) })
  })
}

/**
 * `softmax` along any axis of an example, counted from 0, or from the back if negative. An example without that axis is a
 * `ShapeError`.
 *
 * @example
 * import { fromNested, init, key, predict, softmaxAlong, toNested } from 'pullback'
 * const down = softmaxAlong({ axis: 0 })
 * toNested(predict(down, init(down, key(0)), fromNested([[[1, 5], [1, 5]]]))) // => [[[0.5, 0.5], [0.5, 0.5]]]
 */
export const softmaxAlong = (options: { readonly axis: number }): Layer<Any, Same> =>
  alongAxis('softmaxAlong', options, softmax as never)

/**
 * `logSoftmax` along any axis of an example, counted from 0, or from the back if negative. An example without that axis
 * is a `ShapeError`.
 *
 * @example
 * import { fromNested, init, key, logSoftmaxAlong, predict, toNested } from 'pullback'
 * const down = logSoftmaxAlong({ axis: 0 })
 * toNested(predict(down, init(down, key(0)), fromNested([[[0], [1000]]]))) // => [[[-1000], [0]]]
 */
export const logSoftmaxAlong = (options: { readonly axis: number }): Layer<Any, Same> =>
  alongAxis('logSoftmaxAlong', options, logSoftmax as never)
