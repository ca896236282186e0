import { checkOptions, isFrom } from '../error/options.ts'
import { ValueError } from '../error/tensorError.ts'
import { scale } from '../op/elementwise/scale.ts'
import { normal, uniform } from '../random/draw.ts'
import { describe } from '../tensor/data.ts'
import { type Fans, fansOf } from './fans.ts'
import type { Initializer } from './initializer.ts'

/** How variance is preserved from layer to layer. */
export interface VarianceOptions {
  /** The factor for the activation, as from `gain(activation)`: the deviation is gain / √fan. */
  readonly gain?: number | undefined
  /**
   * 'in', the number of inputs, preserves the variance forward; 'out', that of outputs, backward; 'average' balances
   * both.
   */
  readonly fan?: 'in' | 'out' | 'average' | undefined
  readonly distribution?: 'normal' | 'uniform' | undefined
}

const fanOf = { in: (f: Fans) => f.in, out: (f: Fans) => f.out, average: (f: Fans) => (f.in + f.out) / 2 } as const

const checkChoice = (what: string, given: string, among: readonly string[]): void => {
  if (among.includes(given)) return
  const expected = `a ${what} among ${among.join(', ')}`
  throw new ValueError({ op: 'varianceScaling', expected, actual: describe(given), code: 'unknown-choice' })
}

/**
 * Initial weights [out, …, in] with mean 0 and standard deviation gain / √fan, so that variance neither vanishes nor
 * grows from layer to layer. The fans are those of a linear map [out, in] or a convolution [out, height, width, in].
 * Uniform numbers have bounds ±√3 deviations. By default the gain is 1, the fan the number of inputs, the distribution
 * normal. A negative gain is a `ValueError`, a shape of fewer than two axes a `ShapeError`.
 *
 * @example
 * import { init, initializer, key, linear, toArray } from 'pullback'
 * const W = initializer.varianceScaling({ gain: initializer.gain('tanh'), fan: 'average', distribution: 'uniform' })
 * toArray(init(linear(3, 3, { W }), key(0)).params.W).every((w) => Math.abs(w) <= 5 / 3) // => true
 */
export const varianceScaling = (options: VarianceOptions = {}): Initializer => {
  checkOptions('varianceScaling', options, ['gain', 'fan', 'distribution'])
  const { gain = 1, fan = 'in', distribution = 'normal' } = options
  checkChoice('fan', fan, Object.keys(fanOf))
  checkChoice('distribution', distribution, ['normal', 'uniform'])
  if (!isFrom(gain, 0, Number.MAX_VALUE))
    throw new ValueError({ op: 'varianceScaling', expected: 'a gain that is not negative', actual: describe(gain) })
  return (key, shape, dtype) => {
    const deviation = gain / Math.sqrt(Math.max(1, fanOf[fan](fansOf('varianceScaling', shape))))
    if (distribution === 'normal') return scale(normal(key, shape, dtype), deviation)
    const bound = Math.sqrt(3) * deviation
    return uniform(key, shape, { min: -bound, max: bound, dtype })
  }
}

/**
 * Glorot initialization, normal, with variance 2 / (in + out): for tanh and similar activations. Glorot and Bengio
 * 2010; as PyTorch's `xavier_normal_`.
 *
 * @example
 * import { init, initializer, key, linear } from 'pullback'
 * init(linear(3, 2, { W: initializer.glorotNormal }), key(0)).params.W.shape // => [2, 3]
 */
export const glorotNormal: Initializer = varianceScaling({ fan: 'average' })

/**
 * Glorot initialization, uniform, with variance 2 / (in + out): from ±√(6 / (in + out)). Glorot and Bengio 2010; as
 * PyTorch's `xavier_uniform_`.
 *
 * @example
 * import { init, initializer, key, linear } from 'pullback'
 * init(linear(3, 2, { W: initializer.glorotUniform }), key(0)).params.W.shape // => [2, 3]
 */
export const glorotUniform: Initializer = varianceScaling({ fan: 'average', distribution: 'uniform' })

/**
 * He initialization, normal, with variance 2 / in: for relu. He et al. 2015; as PyTorch's `kaiming_normal_`.
 *
 * @example
 * import { init, initializer, key, linear } from 'pullback'
 * init(linear(3, 2, { W: initializer.heNormal }), key(0)).params.W.shape // => [2, 3]
 */
export const heNormal: Initializer = varianceScaling({ gain: Math.SQRT2 })

/**
 * He initialization, uniform, with variance 2 / in: from ±√(6 / in). He et al. 2015; as PyTorch's `kaiming_uniform_`.
 *
 * @example
 * import { init, initializer, key, linear } from 'pullback'
 * init(linear(3, 2, { W: initializer.heUniform }), key(0)).params.W.shape // => [2, 3]
 */
export const heUniform: Initializer = varianceScaling({ gain: Math.SQRT2, distribution: 'uniform' })

/**
 * LeCun initialization, normal, with variance 1 / in: for selu. LeCun et al. 1998; JAX cuts off its tails.
 *
 * @example
 * import { init, initializer, key, linear } from 'pullback'
 * init(linear(3, 2, { W: initializer.lecunNormal }), key(0)).params.W.shape // => [2, 3]
 */
export const lecunNormal: Initializer = varianceScaling()

/**
 * LeCun initialization, uniform, with variance 1 / in: from ±√(3 / in). LeCun et al. 1998.
 *
 * @example
 * import { init, initializer, key, linear } from 'pullback'
 * init(linear(3, 2, { W: initializer.lecunUniform }), key(0)).params.W.shape // => [2, 3]
 */
export const lecunUniform: Initializer = varianceScaling({ distribution: 'uniform' })
