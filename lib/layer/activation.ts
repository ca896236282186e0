import { relu as reluOperation } from '../op/relu.ts'
import { sigmoid as sigmoidOperation } from '../op/sigmoid.ts'
import { logSoftmaxRows, softmaxRows } from '../op/softmax.ts'
import { tanh as tanhOperation } from '../op/tanh.ts'
import type { Any, Same } from '../type/port.ts'
import { elementwise, fromOperation } from './elementwise.ts'
import type { Layer } from './layer.ts'

/**
 * max(0, x). The derivative at 0 is 0.
 *
 * @example
 * import { fromNested, init, key, predict, relu, toNested } from 'pullback'
 * toNested(predict(relu, init(relu, key(0)), fromNested([[-1, 2]]))) // => [[0, 2]]
 */
export const relu: Layer<Any, Same> = elementwise(reluOperation)

/**
 * 1 / (1 + e⁻ˣ).
 *
 * @example
 * import { fromNested, init, key, predict, sigmoid, toNested } from 'pullback'
 * toNested(predict(sigmoid, init(sigmoid, key(0)), fromNested([[0]]))) // => [[0.5]]
 */
export const sigmoid: Layer<Any, Same> = elementwise(sigmoidOperation)

/**
 * The hyperbolic tangent.
 *
 * @example
 * import { fromNested, init, key, predict, tanh, toNested } from 'pullback'
 * toNested(predict(tanh, init(tanh, key(0)), fromNested([[0]]))) // => [[0]]
 */
export const tanh: Layer<Any, Same> = elementwise(tanhOperation)

/**
 * exp xᵢ / Σ exp xⱼ along the last axis: scores to probabilities. For training, `softmaxCrossEntropy` takes the scores
 * themselves, which is faster and loses nothing to rounding.
 *
 * @example
 * import { fromNested, init, key, predict, softmax, toNested } from 'pullback'
 * toNested(predict(softmax, init(softmax, key(0)), fromNested([[1, 1]]))) // => [[0.5, 0.5]]
 */
export const softmax: Layer<Any, Same> = fromOperation<Same>(softmaxRows)

/**
 * xᵢ − log Σ exp xⱼ along the last axis: scores to log-probabilities.
 *
 * @example
 * import { fromNested, init, key, logSoftmax, predict, toNested } from 'pullback'
 * toNested(predict(logSoftmax, init(logSoftmax, key(0)), fromNested([[0, 1000]]))) // => [[-1000, 0]]
 */
export const logSoftmax: Layer<Any, Same> = fromOperation<Same>(logSoftmaxRows)
