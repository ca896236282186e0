import { fused, type Operation, primitive } from '../diff/primitive.ts'
import { engine } from '../kernel/engine.ts'
import { fresh, raw } from '../tensor/view.ts'
import type { Labels, Scores } from '../type/classification.ts'
import type { Tensor } from '../type/tensor.ts'
import { pick } from './gather.ts'
import { mul } from './mul.ts'
import { oneHot } from './oneHot.ts'
import { fold, unfold } from './reshape.ts'
import { logSumExp, softmax } from './softmax.ts'
import { sub } from './sub.ts'
import { spread } from './sum.ts'

type Losses = Tensor<readonly [number]>

/** The pullback as a composite of operations: its definition, and what further derivatives go through. */
export const pullbackComposite = (z: Scores, labels: Labels, d: Losses): Scores => {
  const excess = sub(softmax(z), oneHot(labels, z.shape[1], z.dtype))
  return mul(excess, spread(d, [1], z.shape) as Scores)
}

const pullback = fused(pullbackComposite, (z, labels, d) =>
  fresh(z.shape, engine().crossEntropyPullback(raw(z), raw(labels), raw(d))),
)

type CrossEntropy = (z: Scores, labels: Labels) => Losses

/** −z_y + log Σ exp z as a composite of operations: its definition. */
export const crossEntropyComposite: CrossEntropy = (z, labels) => sub(logSumExp(z), pick(z, labels))

/** −z_y + log Σ exp z for each row of scores z [batch, classes] and its label y, in one pass forward and one backward. */
export const crossEntropy: Operation<CrossEntropy> = primitive<CrossEntropy>(
  'crossEntropy',
  (z, labels) => fresh(labels.shape, engine().crossEntropy(raw(z), raw(labels))),
  (_, z, labels) =>
    function crossEntropyPullback(d) {
      return [() => pullback(z, labels, d as Losses), null]
    },
  ({ size, args: [one], all: [z, labels] }) =>
    unfold(crossEntropy(fold(z) as Scores, fold(labels) as Labels), size, one.shape[0]),
)
