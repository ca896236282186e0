import { checkOptions, isFrom } from '../error/options.ts'
import { ValueError } from '../error/tensorError.ts'
import { abs } from '../op/elementwise/abs.ts'
import { add, addScaled } from '../op/elementwise/add.ts'
import { mul } from '../op/elementwise/mul.ts'
import { scale } from '../op/elementwise/scale.ts'
import { sum } from '../op/reduce/sum.ts'
import { describe } from '../tensor/data.ts'
import { fixed } from '../tree/fixed.ts'
import { checkSelection, type Selection, selected } from '../tree/selection.ts'
import type { Tree } from '../tree/tree.ts'
import type { Tensor } from '../type/tensor.ts'
import type { Scalar } from './loss.ts'

/** The cost of large parameters: one number, to be added to a loss. `trainStep` takes one as an option. */
export type Penalty = (params: Tree) => Scalar

export interface PenaltyOptions {
  /**
   * The parameters to include: dotted names of tensors or of records of them, or a predicate on names; all by default.
   */
  readonly only?: Selection | undefined
}

/** A penalty from the penalty of each tensor. */
const penalty = (op: string, strength: number, term: (t: Tensor) => Scalar, options: PenaltyOptions): Penalty => {
  checkOptions(op, options, ['only'])
  const { only } = fixed(options)
  checkSelection(op, 'only', only)
  if (!isFrom(strength, 0, Number.MAX_VALUE))
    throw new ValueError({ op, expected: 'a strength that is not negative', actual: describe(strength) })
  const total = (params: Tree): Scalar =>
    selected(op, params, only)
      .map(([, t]) => term(t as Tensor))
      .reduce((a, b) => add(a, b))
  return (params) => scale(total(params), strength)
}

const size = (t: Tensor): Scalar => sum(abs(t))
const halfSquare = (t: Tensor): Scalar => scale(sum(mul(t, t)), 0.5)

/**
 * strength · Σ |w| over the entries of the parameters: it drives parameters with little effect to 0. The derivative at
 * 0 is 0. `only` restricts it to some parameters; a name that does not exist is a `StructureError`, a negative strength
 * a `ValueError`.
 *
 * @example
 * import { fromNested, item, l1 } from 'pullback'
 * const params = { L1: { W: fromNested([[1, -2]]), b: fromNested([5]) } }
 * item(l1(0.5)(params)) // => 4
 * item(l1(0.5, { only: ['L1.W'] })(params)) // => 1.5
 */
export const l1 = (strength: number, options: PenaltyOptions = {}): Penalty => penalty('l1', strength, size, options)

/**
 * ½ · strength · Σ w² over the entries of the parameters: its gradient is strength · w, as that of PyTorch's
 * `weight_decay`. `only` restricts it to some parameters; a name that does not exist is a `StructureError`, a negative
 * strength a `ValueError`.
 *
 * @example
 * import { fromNested, item, l2 } from 'pullback'
 * const params = { L1: { W: fromNested([[1, -2]]), b: fromNested([5]) } }
 * item(l2(2, { only: (path) => path.endsWith('.W') })(params)) // => 5
 */
export const l2 = (strength: number, options: PenaltyOptions = {}): Penalty =>
  penalty('l2', strength, halfSquare, options)

/**
 * ratio · l1 + (1 − ratio) · l2 of that strength, the elastic net: strength · Σ (ratio |w| + ½ (1 − ratio) w²). The
 * ratio is ½ by default. `only` restricts it to some parameters; a name that does not exist is a `StructureError`, a
 * negative strength or a ratio outside [0, 1] a `ValueError`. Zou and Hastie, "Regularization and variable selection
 * via the elastic net", 2005; in the form of scikit-learn.
 *
 * @example
 * import { elastic, fromNested, item } from 'pullback'
 * item(elastic(1, { ratio: 0.5 })({ b: fromNested([2, -2]) })) // => 4
 */
export const elastic = (
  strength: number,
  options: PenaltyOptions & { readonly ratio?: number | undefined } = {},
): Penalty => {
  checkOptions('elastic', options, ['ratio', 'only'])
  const { ratio = 0.5, only } = options
  if (!isFrom(ratio, 0, 1))
    throw new ValueError({ op: 'elastic', expected: 'a ratio from 0 to 1', actual: describe(ratio) })
  const both = (t: Tensor): Scalar => addScaled(scale(size(t), ratio), halfSquare(t), 1 - ratio)
  return penalty('elastic', strength, both, { only })
}
