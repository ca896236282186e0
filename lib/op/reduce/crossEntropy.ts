import { fused, type Operation, primitive } from '../../diff/primitive.ts'
import { engine } from '../../kernel/current.ts'
import { fresh, raw } from '../../tensor/view.ts'
import type { Labels, Scores } from '../../type/classification.ts'
import type { Tensor } from '../../type/tensor.ts'
import { maskAbove } from '../activation/relu.ts'
import { mul } from '../elementwise/mul.ts'
import { neg } from '../elementwise/neg.ts'
import { shift } from '../elementwise/scale.ts'
import { sub } from '../elementwise/sub.ts'
import { pick, place } from '../indexing/gather.ts'
import { oneHot } from '../indexing/oneHot.ts'
import { fold, unfold } from '../shape/reshape.ts'
import { logSumExp, softmax } from './softmax.ts'
import { spread, sum } from './sum.ts'

type Losses = Tensor<readonly [number]>

/** Zeros at the labels, ones elsewhere. */
const wrong = (z: Scores, labels: Labels): Scores => shift(neg(oneHot(labels, z.shape[1], z.dtype)), 1)

/**
 * The pullback as a composite of operations, which defines it. Further derivatives go through it. At the right class,
 * softmax − 1 is computed as minus the sum of softmax over the other classes, which keeps its digits.
 */
export const pullbackComposite = (z: Scores, labels: Labels, d: Losses): Scores => {
  const others = maskAbove(softmax(z), wrong(z, labels))
  const excess = sub(others, place(sum(others, 1), labels, z.shape[1]) as Scores)
  return mul(excess, spread(d, [1], z.shape) as Scores)
}

const pullback = /* @__PURE__ */ fused(pullbackComposite, (z, labels, d) =>
  fresh(z.shape, engine().crossEntropyPullback(raw(z), raw(labels), raw(d))),
)

type CrossEntropy = (z: Scores, labels: Labels) => Losses

/**
 * log Σ exp (z − z_y) as a composite of operations, which defines it. Subtracting z_y afterwards would leave large
 * scores no digits.
 */
export const crossEntropyComposite: CrossEntropy = (z, labels) => {
  const leads = sub(z, spread(pick(z, labels), [1], z.shape) as Scores)
  return logSumExp(maskAbove(leads, wrong(z, labels))) // the lead of y over itself is 0, even for an infinite z_y
}

/**
 * −z_y + log Σ exp z for each row of scores z [batch, classes] and its label y, in one pass forward and one backward.
 */
export const crossEntropy: Operation<CrossEntropy> = /* @__PURE__ */ primitive<CrossEntropy>(
  'crossEntropy',
  (z, labels) => fresh(labels.shape, engine().crossEntropy(raw(z), raw(labels))),
  (_, z, labels) =>
    function crossEntropyPullback(d) {
      return [() => pullback(z, labels, d as Losses), null]
    },
  ({ size, args: [one], all: [z, labels] }) =>
    unfold(crossEntropy(fold(z) as Scores, fold(labels) as Labels), size, one.shape[0]),
)
