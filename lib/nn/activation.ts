import { elementwise, fromFunction, fromOperation } from '../layer/elementwise.ts'
import type { Layer } from '../layer/layer.ts'
import { selu as seluOperation } from '../op/activation/elu.ts'
import { gelu as geluOperation, geluTanh as geluTanhOperation } from '../op/activation/gelu.ts'
import {
  hardsigmoid as hardsigmoidOperation,
  hardswish as hardswishOperation,
  relu6 as relu6Operation,
} from '../op/activation/hardtanh.ts'
import { mish as mishOperation } from '../op/activation/mish.ts'
import { relu as reluOperation } from '../op/activation/relu.ts'
import { silu as siluOperation } from '../op/activation/silu.ts'
import { logSigmoid as logSigmoidOperation } from '../op/activation/softplus.ts'
import { softsign as softsignOperation } from '../op/activation/softsign.ts'
import { sigmoid as sigmoidOperation } from '../op/elementwise/sigmoid.ts'
import { tanh as tanhOperation } from '../op/elementwise/tanh.ts'
import { logSoftmaxRows, softmaxRows } from '../op/reduce/softmax.ts'
import type { Any, Same } from '../type/port.ts'

/**
 * max(0, x). The derivative at 0 is 0.
 *
 * @example
 * import { fromNested, init, key, predict, relu, toNested } from 'pullback'
 * toNested(predict(relu, init(relu, key(0)), fromNested([[-1, 2]]))) // => [[0, 2]]
 */
export const relu: Layer<Any, Same> = /* @__PURE__ */ fromOperation<Same>(reluOperation, { monotone: true })

/**
 * 1 / (1 + e⁻ˣ).
 *
 * @example
 * import { fromNested, init, key, predict, sigmoid, toNested } from 'pullback'
 * toNested(predict(sigmoid, init(sigmoid, key(0)), fromNested([[0]]))) // => [[0.5]]
 */
export const sigmoid: Layer<Any, Same> = /* @__PURE__ */ elementwise(sigmoidOperation)

/**
 * The hyperbolic tangent.
 *
 * @example
 * import { fromNested, init, key, predict, tanh, toNested } from 'pullback'
 * toNested(predict(tanh, init(tanh, key(0)), fromNested([[0]]))) // => [[0]]
 */
export const tanh: Layer<Any, Same> = /* @__PURE__ */ elementwise(tanhOperation)

/**
 * min(6, max(0, x)). The derivative is 0 at 0 and at 6.
 *
 * @example
 * import { fromNested, init, key, predict, relu6, toNested } from 'pullback'
 * toNested(predict(relu6, init(relu6, key(0)), fromNested([[-1, 2, 7]]))) // => [[0, 2, 6]]
 */
export const relu6: Layer<Any, Same> = /* @__PURE__ */ fromFunction('relu6', relu6Operation)

/**
 * 1.0507 · (x where x > 0, else 1.6733 (eˣ − 1)): layers keep mean 0 and variance 1 if their weights are drawn by
 * `lecunNormal`. The derivative at 0 is 1.7581, the limit from below.
 *
 * @example
 * import { fromNested, init, key, predict, selu, toNested } from 'pullback'
 * toNested(predict(selu, init(selu, key(0)), fromNested([[0]]))) // => [[0]]
 */
export const selu: Layer<Any, Same> = /* @__PURE__ */ fromFunction('selu', seluOperation)

/**
 * x / (1 + e⁻ˣ), also called swish.
 *
 * @example
 * import { fromNested, init, key, predict, silu, toNested } from 'pullback'
 * toNested(predict(silu, init(silu, key(0)), fromNested([[0, 1000]]))) // => [[0, 1000]]
 */
export const silu: Layer<Any, Same> = /* @__PURE__ */ elementwise(siluOperation)

/**
 * x Φ(x) = x/2 (1 + erf(x/√2)), the exact form.
 *
 * @example
 * import { fromNested, init, key, gelu, predict, toNested } from 'pullback'
 * toNested(predict(gelu, init(gelu, key(0)), fromNested([[0, 1000]]))) // => [[0, 1000]]
 */
export const gelu: Layer<Any, Same> = /* @__PURE__ */ elementwise(geluOperation)

/**
 * x/2 (1 + tanh(√(2/π) (x + 0.044715 x³))), the approximation of `gelu` that GPT-2 uses.
 *
 * @example
 * import { fromNested, init, key, geluTanh, predict, toNested } from 'pullback'
 * toNested(predict(geluTanh, init(geluTanh, key(0)), fromNested([[0, 1000]]))) // => [[0, 1000]]
 */
export const geluTanh: Layer<Any, Same> = /* @__PURE__ */ elementwise(geluTanhOperation)

/**
 * x tanh(log(1 + eˣ)).
 *
 * @example
 * import { fromNested, init, key, mish, predict, toNested } from 'pullback'
 * toNested(predict(mish, init(mish, key(0)), fromNested([[0, 1000]]))) // => [[0, 1000]]
 */
export const mish: Layer<Any, Same> = /* @__PURE__ */ elementwise(mishOperation)

/**
 * x / (1 + |x|).
 *
 * @example
 * import { fromNested, init, key, predict, softsign, toNested } from 'pullback'
 * toNested(predict(softsign, init(softsign, key(0)), fromNested([[-1, 3]]))) // => [[-0.5, 0.75]]
 */
export const softsign: Layer<Any, Same> = /* @__PURE__ */ fromFunction('softsign', softsignOperation)

/**
 * log(1 / (1 + e⁻ˣ)), without underflow.
 *
 * @example
 * import { fromNested, init, key, logSigmoid, predict, toNested } from 'pullback'
 * toNested(predict(logSigmoid, init(logSigmoid, key(0)), fromNested([[-1000, 1000]]))) // => [[-1000, 0]]
 */
export const logSigmoid: Layer<Any, Same> = /* @__PURE__ */ elementwise(logSigmoidOperation)

/**
 * min(1, max(0, (x + 3) / 6)). The derivative is 0 at −3 and at 3.
 *
 * @example
 * import { fromNested, init, key, hardsigmoid, predict, toNested } from 'pullback'
 * toNested(predict(hardsigmoid, init(hardsigmoid, key(0)), fromNested([[-4, 0, 4]]))) // => [[0, 0.5, 1]]
 */
export const hardsigmoid: Layer<Any, Same> = /* @__PURE__ */ fromFunction('hardsigmoid', hardsigmoidOperation)

/**
 * x · hardsigmoid(x): 0 up to −3, x from 3 on. The derivative is 0 at −3 and 1 at 3.
 *
 * @example
 * import { fromNested, init, key, hardswish, predict, toNested } from 'pullback'
 * toNested(predict(hardswish, init(hardswish, key(0)), fromNested([[-4, 0, 4]]))) // => [[0, 0, 4]]
 */
export const hardswish: Layer<Any, Same> = /* @__PURE__ */ fromFunction('hardswish', hardswishOperation)

/**
 * exp xᵢ / Σ exp xⱼ along the last axis: turns scores into probabilities. For training, `softmaxCrossEntropy` takes the
 * scores themselves, which is faster and loses nothing to rounding.
 *
 * @example
 * import { fromNested, init, key, predict, softmax, toNested } from 'pullback'
 * toNested(predict(softmax, init(softmax, key(0)), fromNested([[1, 1]]))) // => [[0.5, 0.5]]
 */
export const softmax: Layer<Any, Same> = /* @__PURE__ */ fromOperation<Same>(softmaxRows)

/**
 * xᵢ − log Σ exp xⱼ along the last axis: turns scores into log-probabilities.
 *
 * @example
 * import { fromNested, init, key, logSoftmax, predict, toNested } from 'pullback'
 * toNested(predict(logSoftmax, init(logSoftmax, key(0)), fromNested([[0, 1000]]))) // => [[-1000, 0]]
 */
export const logSoftmax: Layer<Any, Same> = /* @__PURE__ */ fromOperation<Same>(logSoftmaxRows)
