import { unboxed } from '../diff/boxed.ts'
import { ShapeError, ValueError } from '../error/tensorError.ts'
import { mul } from '../op/elementwise/mul.ts'
import { notATensor, sameDType } from '../tensor/data.ts'
import { inspect } from '../tensor/inspect.ts'
import { sameShape, showShape } from '../tensor/shape.ts'
import { isTensor, raw } from '../tensor/view.ts'
import type { Tree } from '../tree/tree.ts'
import type { Labels, Scores } from '../type/classification.ts'
import type { Tensor } from '../type/tensor.ts'
import { type ClassificationLoss, times } from './classification.ts'
import { defineLoss, definitionOf, type PerExample, type Reductions, weightsOf } from './loss.ts'
import type { RegressionLoss } from './regression.ts'

/** A target of a loss, and a weight for each example [batch], in the number format of the output. */
export type WeightedTarget<T> = { readonly target: T; readonly weight: PerExample }

/** Checks that there is a weight for each example, and none below 0. */
const checkWeights = (op: string, losses: PerExample, weight: PerExample): void => {
  if (!sameShape(weight.shape, losses.shape))
    throw new ShapeError({
      op,
      expected: `weights ${showShape(losses.shape)}, one for each example`,
      actual: showShape(weight.shape),
    })
  sameDType(`${op}, output and weight`, losses, weight)
  inspect([raw(unboxed(weight))], (weights) => {
    const at = weights.findIndex((w) => !(w >= 0 && w < Number.POSITIVE_INFINITY))
    if (at < 0) return
    throw new ValueError({
      op,
      expected: 'weights that are not negative',
      actual: `${weights[at]} at index [${at}]`,
    })
  })
}

/**
 * A loss whose target is { target, weight }: the loss of each example times its weight. The mean divides by the sum of
 * the weights, so an example of weight 2 counts as if it were there twice, and one of weight 0 not at all, if its loss
 * is finite; where the loss has weights of its own, as of classes, both are multiplied. With
 * `overSteps(weighted(loss))` each step has a weight, with `weighted(overSteps(loss))` each sequence. A mean over
 * weights whose sum is 0 and a weight that is negative, NaN or infinite are a `ValueError`, another number of them a
 * `ShapeError`, another number format a `DTypeError`, and a loss that `defineLoss` has not made a `StructureError`.
 *
 * @example
 * import { fromNested, item, mse, weighted } from 'pullback'
 * const target = { target: fromNested([0, 0]), weight: fromNested([1, 3]) }
 * item(weighted(mse)(target)(fromNested([2, 4]))[0]) // => 13
 */
export function weighted(loss: RegressionLoss): Reductions<Tensor, WeightedTarget<Tensor>>
export function weighted(loss: ClassificationLoss): Reductions<Scores, WeightedTarget<Labels>>
export function weighted<Y extends Tree, T extends Tree>(loss: Reductions<Y, T>): Reductions<Y, WeightedTarget<T>>
export function weighted(loss: unknown): unknown {
  const of = definitionOf<Tree, Tree>('weighted', loss)
  const op = `weighted ${of.name}`
  return defineLoss<Tree, WeightedTarget<Tree>>(
    op,
    (output, { target, weight }) => {
      if (!isTensor(weight)) throw notATensor(`${op}, weight`, weight)
      const losses = of.perExample(output, target)
      checkWeights(op, losses, weight)
      return times(losses, weight)
    },
    (output, { target, weight }) => (of.weight === undefined ? weight : mul(weightsOf(of, output, target), weight)),
  )
}
