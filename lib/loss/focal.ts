import { isFrom } from '../error/options.ts'
import { ValueError } from '../error/tensorError.ts'
import { softplus } from '../op/activation/softplus.ts'
import { add } from '../op/elementwise/add.ts'
import { exp } from '../op/elementwise/exp.ts'
import { mul } from '../op/elementwise/mul.ts'
import { neg } from '../op/elementwise/neg.ts'
import { scale, shift } from '../op/elementwise/scale.ts'
import { sub } from '../op/elementwise/sub.ts'
import { pick, place } from '../op/indexing/gather.ts'
import { logSumExp } from '../op/reduce/softmax.ts'
import { spread } from '../op/reduce/sum.ts'
import { full } from '../tensor/create.ts'
import { describe, most } from '../tensor/data.ts'
import type { Labels, Scores } from '../type/classification.ts'
import type { Tensor } from '../type/tensor.ts'
import { type ClassificationLoss, type LabelOptions, onScores, weighed } from './classification.ts'
import { configurable } from './loss.ts'
import { checkProbabilities, share } from './probability.ts'
import { checkedOutputs, type OutputsOptions, onOutputs, overOutputs, type RegressionLoss } from './regression.ts'

/** How strongly examples that are right already count less. */
export interface FocusOptions {
  /** The exponent γ, 2 by default; 0 gives the cross entropy. */
  readonly gamma: number
}

export interface BinaryFocalOptions extends FocusOptions, OutputsOptions {
  /** The weight α of the positive term, from 0 to 1; that of the negative is 1 − α. Both are 1 unless given. */
  readonly alpha: number
}

export interface SoftmaxFocalOptions extends FocusOptions, LabelOptions {}

const checkedGamma = (op: string, gamma = 2): number => {
  if (isFrom(gamma, 0, Number.MAX_VALUE)) return gamma
  throw new ValueError({ op, expected: 'a gamma that is not negative', actual: describe(gamma) })
}

/** −(1 − p)^γ log p for the probability p = σ(z), from logarithms: neither factor is rounded to 0 or 1 too early. */
const focused = <T extends Tensor>(z: T, gamma: number): T => {
  const loss = softplus(neg(z))
  return (gamma === 0 ? loss : mul(exp(scale(softplus(z), -gamma)), loss)) as T
}

/**
 * −α y (1 − p)^γ log p − (1 − α) (1 − y) p^γ log(1 − p) with p = σ(z), for logits z and targets y from 0 to 1, summed
 * over the outputs of each example: `binaryCrossEntropy` in which answers that are nearly right count little, for
 * questions whose answer is seldom yes. γ is 2, and there are no weights unless `alpha` is given; torchvision's
 * `sigmoid_focal_loss` is `binaryFocal.with({ alpha: 0.25 })` for targets that are 0 or 1. Output and target of
 * different shapes are a `ShapeError`; a target or an α outside [0, 1] and a negative γ a `ValueError`. Lin, Goyal,
 * Girshick, He and Dollár, "Focal loss for dense object detection", 2017.
 *
 * @example
 * import { binaryFocal, fromNested, item } from 'pullback'
 * item(binaryFocal(fromNested([1]))(fromNested([0]))[0]).toFixed(4) // => '0.1733'
 * item(binaryFocal.with({ gamma: 0 })(fromNested([1]))(fromNested([0]))[0]).toFixed(4) // => '0.6931'
 */
export const binaryFocal = configurable<RegressionLoss, BinaryFocalOptions>(
  'binaryFocal',
  ['gamma', 'alpha', 'outputs'],
  ({ gamma, alpha, outputs }) => {
    const to = checkedGamma('binaryFocal', gamma)
    if (alpha !== undefined && !isFrom(alpha, 0, 1))
      throw new ValueError({ op: 'binaryFocal', expected: 'an alpha from 0 to 1', actual: describe(alpha) })
    const [positive, negative] = alpha === undefined ? [1, 1] : [alpha, 1 - alpha]
    const how = checkedOutputs('binaryFocal', outputs)
    return onOutputs('binaryFocal', (z, y) => {
      checkProbabilities('binaryFocal', 'targets', y)
      const yes = share(scale(y, positive), focused(z, to))
      const no = share(scale(shift(neg(y), 1), negative), focused(neg(z), to))
      return overOutputs(add(yes, no), how)
    })
  },
)

/** The logit of the right class against all others: z_y − log Σ_{c≠y} exp z_c. */
const lead = (z: Scores, labels: Labels): Tensor<readonly [number]> => {
  const others = sub(z, spread(pick(z, labels), [1], z.shape) as Scores) // is 0 at the right class
  const lowest = place(full(labels.shape, -most[z.dtype], z.dtype), labels, z.shape[1]) as Scores
  return neg(logSumExp(add(others, lowest)))
}

/**
 * −(1 − p_y)^γ log p_y for each example, with p the softmax of the scores and y the right class: `softmaxCrossEntropy` in
 * which examples that are nearly right count little. γ is 2. `softmaxFocal.with({ gamma, weights, ignore })`, all
 * optional: losses are multiplied by the weight of the right class (the α of the paper), and the mean divides by the
 * sum of these weights, without the examples whose label is `ignore`. A label that names no class, a negative weight
 * and a negative γ are a `ValueError`. Lin, Goyal, Girshick, He and Dollár, "Focal loss for dense object detection",
 * 2017.
 *
 * @example
 * import { fromNested, item, softmaxFocal } from 'pullback'
 * item(softmaxFocal(fromNested([0], 'int32'))(fromNested([[0, 0]]))[0]).toFixed(4) // => '0.1733'
 */
export const softmaxFocal = configurable<ClassificationLoss, SoftmaxFocalOptions>(
  'softmaxFocal',
  ['gamma', 'weights', 'ignore'],
  ({ gamma, ...options }) => {
    const to = checkedGamma('softmaxFocal', gamma)
    return onScores(
      'softmaxFocal',
      (z, labels, weights) => weighed(focused(lead(z, labels), to), labels, weights),
      options,
    )
  },
)
