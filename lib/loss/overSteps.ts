import { ShapeError } from '../error/tensorError.ts'
import { sum } from '../op/reduce/sum.ts'
import { fold, unfold } from '../op/shape/reshape.ts'
import { showShape } from '../tensor/shape.ts'
import { vjp } from '../transform/vjp.ts'
import { leaves, mapTree, type Tree } from '../tree/tree.ts'
import type { AnyTensor, Shape, Tensor } from '../type/tensor.ts'
import { checkLoss, type LossDefinition, type PerExample, type Scalar, weightsOf } from './loss.ts'

/** A tensor of steps as one of sequences: [batch, …] as [batch, steps, …]. */
export type Steps<A> =
  A extends Tensor<readonly [infer B extends number, ...infer S extends Shape], infer D>
    ? Tensor<readonly [B, number, ...S], D>
    : { readonly [K in keyof A]: Steps<A[K]> }

type Step<Y, T, R> = (target: T) => (output: Y) => readonly [value: R, pullback: (d: R) => unknown]

/** A loss on sequences with its reductions: the mean and the sum over all steps, and the sum of each sequence. */
export interface OverSteps<Y, T> {
  (target: Steps<T>): (output: Steps<Y>) => readonly [value: Scalar, pullback: (d: Scalar) => Steps<Y>]
  readonly mean: Step<Steps<Y>, Steps<T>, Scalar>
  readonly sum: Step<Steps<Y>, Steps<T>, Scalar>
  readonly none: Step<Steps<Y>, Steps<T>, PerExample>
  readonly definition?: LossDefinition<Steps<Y>, Steps<T>> | undefined
}

/** A loss of single steps, with its reductions. */
interface OfSteps<Y, T> {
  (target: T): (output: Y) => readonly [value: Scalar, pullback: (d: Scalar) => unknown]
  readonly mean: Step<Y, T, Scalar>
  readonly sum: Step<Y, T, Scalar>
  readonly none: Step<Y, T, PerExample>
  readonly definition?: LossDefinition<Y, T> | undefined
}

/** The number of sequences and of steps, the same in all outputs and targets. */
const sizesOf = (output: Tree, target: Tree): readonly [batch: number, steps: number] => {
  const shapes = [...leaves(output), ...leaves(target)].map(({ shape }) => shape)
  const short = shapes.find(({ length }) => length < 2)
  if (short !== undefined || shapes.length === 0)
    throw new ShapeError({
      op: 'overSteps',
      expected: 'outputs and targets [batch, steps, …]',
      actual: short === undefined ? 'none' : showShape(short),
    })
  const [batch, steps] = shapes[0] as readonly [number, number]
  const other = shapes.find((shape) => shape[0] !== batch || shape[1] !== steps)
  if (other !== undefined)
    throw new ShapeError({
      op: 'overSteps',
      expected: `outputs and targets of ${batch} sequences with ${steps} steps each, as outputs ${showShape(shapes[0] as Shape)} have`,
      actual: showShape(other),
      code: other[0] === batch ? undefined : 'batch-mismatch',
    })
  return [batch, steps]
}
/** The sums over the steps of each sequence. */
const ofSequences = (x: Tensor, [batch, steps]: readonly [number, number]): PerExample =>
  sum(unfold(x, batch, steps) as Tensor, 1) as PerExample

const folded = (x: Tree): Tree => mapTree(x, (part) => fold(part as AnyTensor))

/**
 * A loss of single steps as a loss of sequences: every step of every sequence counts as an example, so the mean is that
 * over all steps. Outputs and targets are [batch, steps, …], with the same two sizes; others are a `ShapeError`. Steps of padding are left out by the
 * loss itself: give their targets a label that `softmaxCrossEntropy.with({ ignore: -1 })` ignores. `.none` gives the
 * sum over the steps of each sequence.
 *
 * @example
 * import { fromNested, item, overSteps, softmaxCrossEntropy, zeros } from 'pullback'
 * const loss = overSteps(softmaxCrossEntropy)
 * const labels = fromNested([[0, 2, 1], [1, 1, 0]], 'int32')
 * item(loss(labels)(zeros([2, 3, 4]))[0]).toFixed(4) // => '1.3863'
 */
export const overSteps = <Y, T>(loss: OfSteps<Y, T>): OverSteps<Y, T> => {
  checkLoss('overSteps', loss)
  const over =
    <R extends Tensor>(of: Step<Y, T, R>, after: (value: R, sizes: readonly [number, number]) => Tensor) =>
    (target: Tree) =>
    (output: Tree) => {
      const sizes = sizesOf(output, target)
      const [value, back] = of(folded(target) as T)(folded(output) as Y)
      const [reduced, afterBack] = vjp((v: R) => after(v, sizes))(value)
      const pullback = (d: Tensor): Tree =>
        mapTree(back(afterBack(d)) as Tree, (part) => unfold(part as AnyTensor, ...sizes))
      return [reduced, pullback]
    }
  const whole = (value: Scalar): Tensor => value
  const mean = over(loss.mean, whole)
  const of = loss.definition as LossDefinition<Tree, Tree> | undefined
  const definition: LossDefinition<Tree, Tree> | undefined = of && {
    name: `${of.name} over steps`,
    perExample: (y, target) => ofSequences(of.perExample(folded(y), folded(target)), sizesOf(y, target)),
    weight: (y, target) => ofSequences(weightsOf(of, folded(y), folded(target)), sizesOf(y, target)),
  }
  return Object.assign((target: Tree) => mean(target), {
    definition,
    mean,
    sum: over(loss.sum, whole),
    none: over(loss.none, ofSequences),
  }) as never
}
