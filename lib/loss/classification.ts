import { unboxed } from '../diff/boxed.ts'
import { isFrom } from '../error/options.ts'
import { ShapeError, StructureError, ValueError } from '../error/tensorError.ts'
import { maskAbove } from '../op/activation/relu.ts'
import { abs } from '../op/elementwise/abs.ts'
import { cast } from '../op/elementwise/cast.ts'
import { mul } from '../op/elementwise/mul.ts'
import { sub } from '../op/elementwise/sub.ts'
import { gather } from '../op/indexing/gather.ts'
import { spread } from '../op/reduce/sum.ts'
import { full, ones } from '../tensor/create.ts'
import { checkInt32, describe, floatDType, indexDType } from '../tensor/data.ts'
import { fromArray } from '../tensor/from.ts'
import { checkLabels } from '../tensor/label.ts'
import { sameShape, showShape } from '../tensor/shape.ts'
import type { Labels, Scores } from '../type/classification.ts'
import type { AnyTensor, Shape, Tensor } from '../type/tensor.ts'
import { defineLoss, type LossDefinition, type Optional, type PerExample, type Scalar } from './loss.ts'

type OnScores<R> = <Y extends Scores>(scores: Y) => readonly [value: R, pullback: (d: R) => Y]

/** A loss on scores [batch, classes] whose target is class labels [batch]. */
export interface ClassificationLoss {
  (labels: Labels): OnScores<Scalar>
  readonly mean: (labels: Labels) => OnScores<Scalar>
  readonly sum: (labels: Labels) => OnScores<Scalar>
  readonly none: (labels: Labels) => OnScores<PerExample>
  readonly definition?: LossDefinition<Scores, Labels> | undefined
}

/** Weights of examples that depend on their labels. */
export interface LabelOptions {
  /**
   * One weight per class, which multiplies the losses of its examples. The mean divides by the sum of the examples'
   * weights.
   */
  readonly weights: readonly number[]
  /** The label of examples to ignore, such as −1: their losses and derivatives are 0, and the mean leaves them out. */
  readonly ignore: number
}

/** One number per class. */
export type PerClass = Tensor<readonly [number]>

/** Numbers times their weights: 0 where the weight is 0, even if the number is infinite. */
export const times = <S extends Shape>(x: Tensor<S>, weights: Tensor<S>): Tensor<S> =>
  mul(maskAbove(x, weights), weights)

/** Losses times the weights of their examples' classes. */
export const weighed = (losses: PerExample, labels: Labels, weights: PerClass | undefined): PerExample =>
  weights === undefined ? losses : times(losses, gather(weights, labels) as PerExample)

/**
 * Ones for the examples that count and zeros for those to ignore; ignored examples get the label of the first class.
 */
const counting = (labels: Labels, ignore: number): readonly [counts: PerExample, labels: Labels] => {
  const given = cast(labels, 'float64')
  const apart = abs(sub(given, full(labels.shape, ignore, 'float64')))
  const counts = maskAbove(ones(labels.shape, 'float64'), apart)
  return [counts, cast(mul(given, counts), 'int32')]
}

/** A classification loss from the loss of each example, which applies the class weights, if any. */
export const onScores = (
  op: string,
  perExample: (scores: Scores, labels: Labels, weights: PerClass | undefined) => PerExample,
  { weights, ignore }: Optional<LabelOptions> = {},
): ClassificationLoss => {
  checkValues(op, weights, ignore)
  const ofClass = (z: Scores): PerClass | undefined =>
    weights === undefined ? undefined : fromArray(weights, [weights.length], z.dtype)
  const losses = (scores: Scores, labels: Labels): PerExample => {
    checkLabels(op, unboxed(labels), scores.shape[1])
    return perExample(scores, labels, ofClass(scores))
  }
  const withIgnored = (scores: Scores, given: Labels, label: number): PerExample => {
    const [counts, labels] = counting(given, label)
    const mask = cast(counts, scores.dtype)
    return mul(losses(maskAbove(scores, spread(mask, [1], scores.shape) as Scores), labels), mask)
  }
  const weight = (scores: Scores, given: Labels): PerExample => {
    if (ignore === undefined) return weighed(ones(given.shape, scores.dtype), given, ofClass(scores))
    const [counts, labels] = counting(given, ignore)
    return weighed(cast(counts, scores.dtype), labels, ofClass(scores))
  }
  return defineLoss<Scores, Labels>(
    op,
    (scores, labels) => {
      checkScores(op, scores, labels, weights?.length)
      return ignore === undefined ? losses(scores, labels) : withIgnored(scores, labels, ignore)
    },
    weights === undefined && ignore === undefined ? undefined : weight,
  ) as unknown as ClassificationLoss
}

/** The remedy for shapes that are not those of scores and labels, if known. */
const remedyFor = ([batch, ...classes]: Shape, labels: Shape): string | undefined => {
  if (classes.length === 0) return 'binaryCrossEntropy takes one score for each example'
  return classes.length === 1 && sameShape(labels, [batch as number, 1])
    ? 'op.reshape removes the last axis'
    : undefined
}

const checkScores = (op: string, scores: Scores, labels: Labels, classes: number | undefined): void => {
  const [output, target]: readonly [AnyTensor | undefined, AnyTensor | undefined] = [scores, labels]
  if (output?.dtype === 'int32' && target?.dtype !== 'int32')
    throw new StructureError({
      op,
      expected: 'labels, and then scores',
      actual: 'scores, and then labels',
      remedy: `the target comes first, and the output after it: ${op}(target)(output)`,
    })
  floatDType(op, scores)
  if (target?.shape?.length === 2 && sameShape(target.shape, scores.shape))
    throw new ShapeError({
      op,
      expected: 'labels [batch], the number of the class of each example',
      actual: showShape(target.shape),
      remedy: 'categoricalCrossEntropy takes one-hot rows, on outputs of softmax',
    })
  indexDType(op, labels)
  if (scores.shape.length !== 2 || !sameShape(labels.shape, scores.shape.slice(0, 1)))
    throw new ShapeError({
      op,
      expected: 'scores [batch, classes] and labels [batch]',
      actual: `${showShape(scores.shape)} and ${showShape(labels.shape)}`,
      remedy: remedyFor(scores.shape, labels.shape),
    })
  if (classes !== undefined && classes !== scores.shape[1])
    throw new ShapeError({
      op,
      expected: `scores [batch, ${classes}], as there are ${classes} weights`,
      actual: showShape(scores.shape),
    })
}

const checkValues = (op: string, weights: readonly number[] = [], ignore = 0): void => {
  if (!Array.isArray(weights))
    throw new ValueError({
      op,
      expected: 'weights as an array, a number for each class',
      actual: describe(weights),
      code: 'wrong-argument',
    })
  for (const w of weights)
    if (!isFrom(w, 0, Number.MAX_VALUE))
      throw new ValueError({ op, expected: 'weights that are not negative', actual: describe(w) })
  checkInt32(op, ignore)
}
