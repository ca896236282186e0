import { isFrom } from '../error/options.ts'
import { ShapeError, ValueError } from '../error/tensorError.ts'
import { softplus } from '../op/activation/softplus.ts'
import { add } from '../op/elementwise/add.ts'
import { mul } from '../op/elementwise/mul.ts'
import { neg } from '../op/elementwise/neg.ts'
import { scale, shift } from '../op/elementwise/scale.ts'
import { broadcast } from '../op/reduce/sum.ts'
import { describe } from '../tensor/data.ts'
import { fromArray } from '../tensor/from.ts'
import { showShape } from '../tensor/shape.ts'
import type { Tensor } from '../type/tensor.ts'
import { configurable } from './loss.ts'
import { checkProbabilities, share } from './probability.ts'
import { checkedOutputs, type OutputsOptions, onOutputs, overOutputs, type RegressionLoss } from './regression.ts'

export interface BinaryCrossEntropyOptions extends OutputsOptions {
  /** The weight of the positive term, 1 by default: one number for all outputs, or one for each (last axis). */
  readonly positive: number | readonly number[]
}

/** Multiplies each number by the positive weight of its output. */
const weighed = (x: Tensor, positive: number | readonly number[]): Tensor => {
  if (typeof positive === 'number') return positive === 1 ? x : scale(x, positive)
  if (x.shape.length < 2 || x.shape[x.shape.length - 1] !== positive.length)
    throw new ShapeError({
      op: 'binaryCrossEntropy',
      expected: `outputs [batch, …, ${positive.length}], one for each weight`,
      actual: showShape(x.shape),
    })
  return mul(x, broadcast(fromArray(positive, [positive.length], x.dtype), x.shape))
}

/**
 * −p · y log σ(z) − (1 − y) log(1 − σ(z)) for logits z and targets y, which are probabilities from 0 to 1, summed over
 * the outputs of each example: for outputs that are independent yes-or-no questions. PyTorch's `BCEWithLogitsLoss` is
 * `binaryCrossEntropy.with({ outputs: 'mean' })`. The weight p of the positive term is 1; `binaryCrossEntropy.with({
 * positive })` sets it, PyTorch's `pos_weight`. No logit is too large; infinite logits of the right sign have the loss
 * 0. Output and target of different shapes are a `ShapeError`, a target outside [0, 1] or a negative weight a
 * `ValueError`.
 *
 * @example
 * import { binaryCrossEntropy, fromNested, item } from 'pullback'
 * const [loss] = binaryCrossEntropy(fromNested([1, 0]))(fromNested([0, -1000]))
 * item(loss).toFixed(4) // => '0.3466'
 */
export const binaryCrossEntropy = configurable<RegressionLoss, BinaryCrossEntropyOptions>(
  'binaryCrossEntropy',
  ['positive', 'outputs'],
  ({ positive = 1, outputs }) => {
    for (const p of [positive].flat())
      if (!isFrom(p, 0, Number.MAX_VALUE))
        throw new ValueError({
          op: 'binaryCrossEntropy',
          expected: 'weights that are not negative',
          actual: describe(p),
        })
    const how = checkedOutputs('binaryCrossEntropy', outputs)
    return onOutputs('binaryCrossEntropy', (z, y) => {
      checkProbabilities('binaryCrossEntropy', 'targets', y)
      const yes = share(weighed(y, positive), softplus(neg(z)))
      const no = share(shift(neg(y), 1), softplus(z))
      return overOutputs(add(yes, no), how)
    })
  },
)
