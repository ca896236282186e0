// Losses of embeddings: vectors that are to be near each other where the examples are alike.

import { unboxed } from '../diff/boxed.ts'
import { isFrom } from '../error/options.ts'
import { ShapeError, ValueError } from '../error/tensorError.ts'
import { maskAbove, relu } from '../op/activation/relu.ts'
import { add } from '../op/elementwise/add.ts'
import { cast } from '../op/elementwise/cast.ts'
import { minimum } from '../op/elementwise/maximum.ts'
import { mul } from '../op/elementwise/mul.ts'
import { neg } from '../op/elementwise/neg.ts'
import { scale, shift } from '../op/elementwise/scale.ts'
import { sub } from '../op/elementwise/sub.ts'
import { norm } from '../op/reduce/norm.ts'
import { describe, floatDType, notATensor, sameDType } from '../tensor/data.ts'
import { checkLabels } from '../tensor/label.ts'
import { sameShape, showShape } from '../tensor/shape.ts'
import { isTensor } from '../tensor/view.ts'
import type { Tree } from '../tree/tree.ts'
import type { Labels } from '../type/classification.ts'
import type { Tensor } from '../type/tensor.ts'
import { configurable, defineLoss, type PerExample, type Reductions } from './loss.ts'

/** Embeddings [batch, …] of examples, of others that are alike, and of others that are not. */
export type EmbeddingTriplet = { readonly anchor: Tensor; readonly positive: Tensor; readonly negative: Tensor }
/** Embeddings [batch, …] of the two examples of each pair. */
export type EmbeddingPair = { readonly a: Tensor; readonly b: Tensor }

export interface MarginOptions {
  /** The distance, above 0, that is enough between examples that are not alike; 1 by default. */
  readonly margin: number
}
export interface TripletOptions extends MarginOptions {
  /** Takes the distance of the negative from the positive where that is smaller; false by default. */
  readonly swap: boolean
}

const checkedMargin = (op: string, margin = 1): number => {
  if (isFrom(margin, 0, Number.MAX_VALUE) && margin > 0) return margin
  throw new ValueError({ op, expected: 'a margin above 0', actual: describe(margin) })
}

/** Checks that an output has tensors of one shape [batch, …] under some names. */
const checkEmbeddings = (op: string, output: { readonly [name: string]: Tensor }, names: readonly string[]): void => {
  const given = names.map((name) => output[name])
  for (const [i, x] of given.entries()) if (!isTensor(x)) throw notATensor(`${op}, ${names[i]}`, x)
  const [first, ...others] = given as unknown as readonly [Tensor, ...Tensor[]]
  floatDType(op, first)
  for (const x of others) sameDType(`${op}, embeddings`, first, x)
  if (first.shape.length < 2 || others.some((x) => !sameShape(x.shape, first.shape)))
    throw new ShapeError({
      op,
      expected: `${names.join(', ')} of one shape [batch, …]`,
      actual: [first, ...others].map((x) => showShape(x.shape)).join(', '),
    })
}

const distance = (a: Tensor, b: Tensor): PerExample => norm(sub(a, b), [...a.shape.keys()].slice(1)) as PerExample

/**
 * max(0, ‖a − p‖ − ‖a − n‖ + margin) for each example, with its embedding a (`anchor`), that of one which is alike
 * (`positive`) and of one which is not (`negative`): the output is { anchor, positive, negative }, each [batch, …], as
 * of `tie(each({ anchor: net, positive: net, negative: net }), 'anchor', 'positive', 'negative')`. There is no target:
 * give {}, and whatever is given is ignored. The margin is 1; `tripletMargin.with({ margin, swap })` sets it, and with
 * `swap` ‖p − n‖ stands for ‖a − n‖ where it is smaller. PyTorch's `TripletMarginLoss` with `eps=0`; by default it adds
 * 1e-6 to each difference. At a distance of 0 its derivative is 0. Other shapes are a `ShapeError`, a margin that is not
 * above 0 a `ValueError`. Schroff, Kalenichenko and Philbin, "FaceNet", 2015, who square the distances.
 *
 * @example
 * import { fromNested, item, tripletMargin } from 'pullback'
 * const [anchor, positive, negative] = [fromNested([[0, 0]]), fromNested([[3, 4]]), fromNested([[0, 4]])]
 * item(tripletMargin({})({ anchor, positive, negative })[0]) // => 2
 */
export const tripletMargin = configurable<Reductions<EmbeddingTriplet, Tree>, TripletOptions>(
  'tripletMargin',
  ['margin', 'swap'],
  ({ margin, swap = false }) => {
    const least = checkedMargin('tripletMargin', margin)
    if (typeof swap !== 'boolean')
      throw new ValueError({ op: 'tripletMargin', expected: 'swap: true or false', actual: describe(swap) })
    return defineLoss<EmbeddingTriplet, Tree>('tripletMargin', (output) => {
      checkEmbeddings('tripletMargin', output, ['anchor', 'positive', 'negative'])
      const { anchor, positive, negative } = output
      const apart = distance(anchor, negative)
      const far = swap ? minimum(apart, distance(positive, negative)) : apart
      return relu(shift(sub(distance(anchor, positive), far), least))
    })
  },
)

/**
 * ½ d² for a pair of examples that are alike, ½ max(0, margin − d)² for one of which the two differ, with the distance
 * d = ‖a − b‖ of their embeddings. The output is { a, b }, each [batch, …], and the target labels [batch] in int32: 1
 * for a pair that is alike, 0 for others. (The paper counts them the other way round.) The margin is 1;
 * `contrastive.with({ margin })` sets it. At d = 0 the derivative is 0. Other labels and a margin that is not above 0
 * are a `ValueError`, other shapes a `ShapeError`. Hadsell, Chopra and LeCun, "Dimensionality reduction by learning an
 * invariant mapping", 2006.
 *
 * @example
 * import { contrastive, fromNested, toNested } from 'pullback'
 * const [a, b] = [fromNested([[0], [0]]), fromNested([[2], [0.5]])]
 * toNested(contrastive.none(fromNested([1, 0], 'int32'))({ a, b })[0]) // => [2, 0.125]
 */
export const contrastive = configurable<Reductions<EmbeddingPair, Labels>, MarginOptions>(
  'contrastive',
  ['margin'],
  ({ margin }) => {
    const enough = checkedMargin('contrastive', margin)
    return defineLoss<EmbeddingPair, Labels>('contrastive', (output, labels) => {
      checkEmbeddings('contrastive', output, ['a', 'b'])
      if (!isTensor(labels)) throw notATensor('contrastive', labels)
      checkLabels('contrastive', unboxed(labels), 2)
      if (!sameShape(labels.shape, output.a.shape.slice(0, 1)))
        throw new ShapeError({
          op: 'contrastive',
          expected: `labels [${output.a.shape[0]}], one for each pair`,
          actual: showShape(labels.shape),
        })
      const d = distance(output.a, output.b)
      const alike = cast(labels, d.dtype) as PerExample
      const near = maskAbove(d, alike)
      const far = maskAbove(relu(shift(neg(d), enough)), shift(neg(alike), 1))
      return scale(add(mul(near, near), mul(far, far)), 0.5)
    })
  },
)
