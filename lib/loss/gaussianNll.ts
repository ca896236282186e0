import { ShapeError, ValueError } from '../error/tensorError.ts'
import { add } from '../op/elementwise/add.ts'
import { exp } from '../op/elementwise/exp.ts'
import { mul } from '../op/elementwise/mul.ts'
import { scale, shift } from '../op/elementwise/scale.ts'
import { sub } from '../op/elementwise/sub.ts'
import { slice } from '../op/shape/slice.ts'
import { describe, floatDType, sameDType } from '../tensor/data.ts'
import { showShape } from '../tensor/shape.ts'
import type { Tensor } from '../type/tensor.ts'
import { configurable, defineLoss, type Reductions } from './loss.ts'
import { checkedOutputs, type OutputsOptions, overOutputs } from './regression.ts'

type Rows = Tensor<readonly [number, number]>

export interface GaussianNllOptions extends OutputsOptions {
  /** Adds the constant ½ log 2π for each number, which makes it a likelihood; false by default, as in PyTorch. */
  readonly full: boolean
}

/**
 * ½ (s + (y − μ)² / exp s), summed over the n targets of each example: the negative log-likelihood of targets y
 * [batch, n] under normal distributions, for a network that tells how sure it is. The output [batch, 2 n] holds the n
 * means μ, and after them the n logarithms s of the variances; PyTorch's `GaussianNLLLoss` takes the variances
 * themselves, and clips them at 1e-6. Nothing is clipped here: a log-variance may be any number. It is
 * `gaussianNll.with({ outputs: 'mean' })` but for that; `full: true` adds the constant. Other shapes are a
 * `ShapeError`. Nix and Weigend, "Estimating the mean and variance of the target probability distribution", 1994.
 *
 * @example
 * import { fromNested, gaussianNll, item } from 'pullback'
 * const output = fromNested([[1, 0]]) // the mean 1, the variance 1
 * item(gaussianNll(fromNested([[3]]))(output)[0]) // => 2
 */
export const gaussianNll = configurable<Reductions<Rows, Rows>, GaussianNllOptions>(
  'gaussianNll',
  ['full', 'outputs'],
  ({ full = false, outputs }) => {
    if (typeof full !== 'boolean')
      throw new ValueError({ op: 'gaussianNll', expected: 'full: true or false', actual: describe(full) })
    const how = checkedOutputs('gaussianNll', outputs)
    return defineLoss<Rows, Rows>('gaussianNll', (z, y) => {
      floatDType('gaussianNll', z)
      sameDType('gaussianNll, output and target', z, y)
      const n = y.shape[1]
      if (z.shape.length !== 2 || y.shape.length !== 2 || z.shape[0] !== y.shape[0] || z.shape[1] !== 2 * n)
        throw new ShapeError({
          op: 'gaussianNll',
          expected: 'an output [batch, 2 n], means and log-variances, for a target [batch, n]',
          actual: `${showShape(z.shape)} and ${showShape(y.shape)}`,
        })
      const [mean, logs] = [slice(z, [null, [0, n]]) as Rows, slice(z, [null, [n, 2 * n]]) as Rows]
      const apart = mul(sub(y, mean), exp(scale(logs, -0.5)))
      const each = scale(add(logs, mul(apart, apart)), 0.5)
      return overOutputs(full ? shift(each, Math.log(2 * Math.PI) / 2) : each, how)
    })
  },
)
