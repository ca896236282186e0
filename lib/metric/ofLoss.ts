import type { ClassificationLoss } from '../loss/classification.ts'
import { definitionOf, type Reductions } from '../loss/loss.ts'
import type { RegressionLoss } from '../loss/regression.ts'
import { softmaxCrossEntropy } from '../loss/softmaxCrossEntropy.ts'
import { toArray } from '../tensor/to.ts'
import type { Labels, Scores } from '../type/classification.ts'
import type { Tensor } from '../type/tensor.ts'
import { checkSome } from './classification.ts'
import { mapValue, type Streaming, streaming } from './streaming.ts'

/** The sum of losses, and of the weights that the mean divides by. */
export type Losses = { readonly sum: number; readonly weight: number }

const total = (x: Tensor): number => toArray(x).reduce((a, b) => a + b, 0)

/**
 * The mean of a loss as a metric: the sum of the losses of all examples, divided by the number of them, or by the sum of
 * their weights where the loss has weights, as with a label to ignore. Summed in float64. A loss that `defineLoss` has
 * not made is a `StructureError`, no example that counts a `ValueError`.
 *
 * @example
 * import { fromNested, mae, metric } from 'pullback'
 * metric.ofLoss(mae)(fromNested([1, 2]), fromNested([1, 5])) // => 1.5
 */
export function ofLoss(loss: RegressionLoss): Streaming<Tensor, Tensor, Losses>
export function ofLoss(loss: ClassificationLoss): Streaming<Scores, Labels, Losses>
export function ofLoss<Y, T>(loss: Pick<Reductions<Y, T>, 'none' | 'definition'>): Streaming<Y, T, Losses>
export function ofLoss(loss: unknown): unknown {
  const { name, weight } = definitionOf<unknown, unknown>('ofLoss', loss)
  const { none } = loss as Reductions<unknown, unknown>
  return streaming({
    empty: { sum: 0, weight: 0 },
    of: (output: unknown, target: unknown) => {
      const [losses] = none(target)(output)
      return { sum: total(losses), weight: weight === undefined ? losses.size : total(weight(output, target)) }
    },
    concat: (a: Losses, b: Losses) => ({ sum: a.sum + b.sum, weight: a.weight + b.weight }),
    value: (all: Losses) => {
      checkSome(`ofLoss ${name}`, all.weight)
      return all.sum / all.weight
    },
  })
}

/**
 * Perplexity: e to the mean of −log p of the right class, with p the softmax of scores [batch, classes]: among how many
 * equally likely classes a model is as unsure, from 1. Over sequences, with padding left out, it is
 * `metric.overSteps(metric.perplexity, { ignore: -1 })`. Errors are those of `softmaxCrossEntropy`; an empty batch is a
 * `ValueError`. Jelinek, Mercer, Bahl and Baker, 1977.
 *
 * @example
 * import { fromNested, metric, zeros } from 'pullback'
 * metric.perplexity(zeros([3, 4]), fromNested([0, 3, 1], 'int32')).toFixed(4) // => '4.0000'
 */
export const perplexity: Streaming<Scores, Labels, Losses> = /* @__PURE__ */ mapValue(
  /* @__PURE__ */ ofLoss(softmaxCrossEntropy),
  Math.exp,
)
