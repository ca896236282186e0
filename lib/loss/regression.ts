import { ShapeError } from '../error/tensorError.ts'
import { sum } from '../op/sum.ts'
import { notATensor, sameDType } from '../tensor/data.ts'
import { sameShape, showShape } from '../tensor/shape.ts'
import { isTensor } from '../tensor/view.ts'
import type { FitsShape, ShowShape } from '../type/shape.ts'
import type { Tensor } from '../type/tensor.ts'
import { defineLoss, type PerExample, type Scalar } from './loss.ts'

/** What is given back for an output that fits the target. */
type OnOutput<T extends Tensor, R> = <Y extends Tensor>(
  output: FitsShape<T['shape'], Y['shape']> extends true
    ? Y
    : `a target ${ShowShape<T['shape']>} for an output ${ShowShape<Y['shape']>}`,
) => readonly [value: R, pullback: (d: R) => Y]

/** A loss whose target is of the shape of the output. */
export interface RegressionLoss {
  <T extends Tensor>(target: T): OnOutput<T, Scalar>
  readonly mean: <T extends Tensor>(target: T) => OnOutput<T, Scalar>
  readonly sum: <T extends Tensor>(target: T) => OnOutput<T, Scalar>
  readonly none: <T extends Tensor>(target: T) => OnOutput<T, PerExample>
}

/** The sum over the outputs of each example. */
export const overOutputs = (x: Tensor): PerExample => sum(x, [...x.shape.keys()].slice(1)) as PerExample

/** A regression loss from the loss of each example. */
export const onOutputs = (op: string, perExample: (output: Tensor, target: Tensor) => PerExample): RegressionLoss =>
  defineLoss<Tensor, Tensor>(op, (z, y) => {
    for (const given of [z, y]) if (!isTensor(given)) throw notATensor(op, given)
    if (!sameShape(z.shape, y.shape))
      throw new ShapeError({
        op,
        expected: `a target ${showShape(z.shape)}, as the output`,
        actual: showShape(y.shape),
      })
    sameDType(`${op}, output and target`, z, y)
    return perExample(z, y)
  }) as unknown as RegressionLoss
