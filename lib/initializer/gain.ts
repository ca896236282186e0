import { checkOptions } from '../error/options.ts'
import { ValueError } from '../error/tensorError.ts'
import { finite } from '../op/elementwise/option.ts'
import { describe } from '../tensor/data.ts'

const gains = {
  linear: () => 1,
  sigmoid: () => 1,
  tanh: () => 5 / 3,
  relu: () => Math.SQRT2,
  leakyRelu: (slope: number) => Math.sqrt(2 / (1 + slope ** 2)),
  selu: () => 3 / 4,
} as const

/**
 * The factor that makes up for the variance an activation takes away, for `varianceScaling` and `orthogonal`: 1 for
 * linear and sigmoid, 5/3 for tanh, √2 for relu, √(2 / (1 + slope²)) for leakyRelu (slope 0.01 by default), 3/4 for
 * selu. As PyTorch's `calculate_gain`. Another name is a compile error, and a `ValueError`.
 *
 * @example
 * import { initializer } from 'pullback'
 * initializer.gain('tanh') // => 5 / 3
 * initializer.gain('leakyRelu', { slope: 1 }) // => 1
 */
export const gain = (activation: keyof typeof gains, options: { readonly slope?: number | undefined } = {}): number => {
  checkOptions('gain', options, ['slope'])
  const { slope = 0.01 } = options
  if (!Object.hasOwn(gains, activation))
    throw new ValueError({
      op: 'gain',
      expected: `one of ${Object.keys(gains).join(', ')}`,
      actual: describe(activation),
      code: 'unknown-choice',
    })
  return gains[activation](finite('gain', 'slope', slope))
}
