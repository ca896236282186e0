import { ShapeError, ValueError } from '../error/tensorError.ts'
import { scale } from '../op/elementwise/scale.ts'
import { sum } from '../op/reduce/sum.ts'
import { describe, notATensor, sameDType } from '../tensor/data.ts'
import { sameShape, showShape } from '../tensor/shape.ts'
import { isTensor } from '../tensor/view.ts'
import type { FitsShape, ShowShape } from '../type/shape.ts'
import type { AnyTensor, Tensor } from '../type/tensor.ts'
import { defineLoss, type LossDefinition, type PerExample, type Scalar } from './loss.ts'

/** The result for an output that fits the target; a sentence for one that does not. */
type OnOutput<T extends Tensor, R> = <Y extends Tensor>(
  output: FitsShape<T['shape'], Y['shape']> extends true
    ? Y
    : `a target ${ShowShape<T['shape']>} for an output ${ShowShape<Y['shape']>}`,
) => readonly [value: R, pullback: (d: R) => Y]

/** A loss whose target has the shape of the output. */
export interface RegressionLoss {
  <T extends Tensor>(target: T): OnOutput<T, Scalar>
  readonly mean: <T extends Tensor>(target: T) => OnOutput<T, Scalar>
  readonly sum: <T extends Tensor>(target: T) => OnOutput<T, Scalar>
  readonly none: <T extends Tensor>(target: T) => OnOutput<T, PerExample>
  readonly definition?: LossDefinition<Tensor, Tensor> | undefined
}

/** How the losses of an example's outputs are combined. */
export interface OutputsOptions {
  /** Their sum (the default), or their mean, as PyTorch's losses take. Both are 0 without outputs. */
  readonly outputs: 'sum' | 'mean'
}

/** The sum or the mean over the outputs of each example. */
export const overOutputs = (x: Tensor, how: OutputsOptions['outputs']): PerExample => {
  const [batch = 1] = x.shape
  const total = sum(x, [...x.shape.keys()].slice(1)) as PerExample
  return how === 'sum' ? total : scale(total, batch / Math.max(x.size, batch, 1))
}

/** The checked option: 'sum' or 'mean'. */
export const checkedOutputs = (op: string, how: OutputsOptions['outputs'] = 'sum'): OutputsOptions['outputs'] => {
  if (how === 'sum' || how === 'mean') return how
  throw new ValueError({ op, expected: "outputs: 'sum' or 'mean'", actual: describe(how), code: 'unknown-choice' })
}

/** A regression loss from the loss of each example. */
export const onOutputs = (op: string, perExample: (output: Tensor, target: Tensor) => PerExample): RegressionLoss =>
  defineLoss<Tensor, Tensor>(op, (z, y) => {
    for (const given of [z, y]) if (!isTensor(given)) throw notATensor(op, given)
    if (!sameShape(z.shape, y.shape))
      throw new ShapeError({
        op,
        expected: `a target ${showShape(z.shape)}, as the output`,
        actual: showShape(y.shape),
        remedy:
          (y as AnyTensor).dtype === 'int32' && y.shape.length === 1 && z.shape.length === 2
            ? 'softmaxCrossEntropy takes labels of classes; oneHot makes rows of them'
            : 'nothing is broadcast: use op.reshape',
      })
    sameDType(`${op}, output and target`, z, y)
    return perExample(z, y)
  }) as unknown as RegressionLoss
