import { unboxed } from '../diff/boxed.ts'
import type { Diff } from '../diff/diff.ts'
import { checkOptions } from '../error/options.ts'
import { StructureError, ValueError } from '../error/tensorError.ts'
import { div } from '../op/elementwise/div.ts'
import { mean as meanOf, sum as sumOf } from '../op/reduce/sum.ts'
import { describe, notATensor } from '../tensor/data.ts'
import { packed } from '../tensor/pack.ts'
import { indexOf, showShape } from '../tensor/shape.ts'
import { isTensor, raw } from '../tensor/view.ts'
import { vjp } from '../transform/vjp.ts'
import { fixed } from '../tree/fixed.ts'
import { isBranch, leaves, type Tree } from '../tree/tree.ts'
import type { Tensor } from '../type/tensor.ts'

export type Scalar = Tensor<readonly []>

/** One number for each example of a minibatch. */
export type PerExample = Tensor<readonly [number]>

/** From the targets of a minibatch to a differentiable function of its outputs: its value and its pullback. */
export type Loss<Y, T> = (target: T) => (output: Y) => readonly [value: Scalar, pullback: (d: Scalar) => unknown]

/** A loss with its three reductions. By itself it is its mean over the batch. */
export interface Reductions<Y, T> {
  (target: T): Diff<Y, Scalar>
  readonly mean: (target: T) => Diff<Y, Scalar>
  readonly sum: (target: T) => Diff<Y, Scalar>
  readonly none: (target: T) => Diff<Y, PerExample>
}

/** A loss with options: by itself with the usual ones; `with` gives one with others. */
export type Configurable<L, O> = L & { readonly with: (options: O) => L }

/** Options all of which have a usual value, which they have too where they are undefined. */
export type Optional<O> = { readonly [K in keyof O]?: O[K] | undefined }

/** A loss made from its options, all of which have a usual value. */
export const configurable = <L extends object, O extends object>(
  op: string,
  names: readonly (keyof O & string)[],
  make: (options: Optional<O>) => L,
): Configurable<L, Optional<O>> => {
  const withOptions = (options: Optional<O>): L => {
    checkOptions(op, options, names)
    return make(fixed(options))
  }
  return Object.assign(make({}), { with: withOptions })
}

/** A loss takes its target, and what it gives takes the output. Given both at once it would leave one out in silence. */
const checkTargetAlone = (op: string, further: readonly unknown[]): void => {
  if (further.length === 0) return
  throw new StructureError({
    op,
    expected: 'the target alone',
    actual: `${further.length + 1} arguments`,
    remedy: `the target comes first, and the output after it: ${op}(target)(output)`,
  })
}

const checkOutput = (op: string, output: unknown): void => {
  if (!isTensor(output) && !isBranch(output)) throw notATensor(`${op}, output`, output)
}

/** Losses that have been given their target. */
const given = new WeakSet<object>()

/** What wants a loss wants it before it is given a target. */
export const checkLoss = (op: string, loss: unknown): void => {
  if (typeof loss === 'function' && !given.has(loss)) return
  throw new StructureError({
    op,
    expected: 'a loss',
    actual: typeof loss === 'function' ? 'one that has its target already' : describe(loss),
    remedy: 'give the loss itself, as softmaxCrossEntropy, and not softmaxCrossEntropy(target)',
  })
}

/**
 * A loss from the loss of each example, a function of operations: backward is inferred. By itself it is the mean over the
 * batch; `.sum` and `.none` are the sum and the losses themselves. The mean is the sum over the number of examples, or
 * over the sum of their weights where `weight` gives those. The mean over an empty batch, or of examples that weigh nothing, is a
 * `ValueError`, and so is a NaN among the targets where it makes the loss NaN.
 *
 * @example
 * import { defineLoss, fromNested, item, op, type Tensor } from 'pullback'
 * const absolute = defineLoss('absolute', (z: Tensor, y: Tensor) => {
 *   const e = op.sub(z, y)
 *   return op.add(op.relu(e), op.relu(op.neg(e))) as Tensor<readonly [number]>
 * })
 * item(absolute(fromNested([1, 2]))(fromNested([2, 4]))[0]) // => 1.5
 */
export const defineLoss = <Y extends Tree, T extends Tree>(
  name: string,
  perExample: (output: Y, target: T) => PerExample,
  weight?: (output: Y, target: T) => PerExample,
): Reductions<Y, T> => {
  if (typeof perExample !== 'function')
    throw new StructureError({
      op: 'defineLoss',
      expected: 'a name, and a function from output and target to a loss for each example',
      actual: `${describe(name)} and ${describe(perExample)}`,
    })
  const reduced =
    <B extends Tensor>(reduce: (losses: PerExample, output: Y, target: T) => B) =>
    (target: T, ...further: readonly unknown[]): Diff<Y, B> => {
      checkTargetAlone(name, further)
      const ofOutput: Diff<Y, B> = (output) => {
        checkOutput(name, output)
        const result = vjp((y: Y) => reduce(perExample(y, target), y, target))(output)
        checkTarget(name, result[0], target)
        return result
      }
      given.add(ofOutput)
      return ofOutput
    }
  const average = (losses: PerExample, output: Y, target: T): Scalar => {
    const total = weight === undefined ? undefined : sumOf(weight(output, target))
    if (losses.size === 0 || (total !== undefined && packed(raw(unboxed(total))).includes(0)))
      throw new ValueError({
        op: name,
        expected: 'at least one example to take the mean over',
        actual: losses.size === 0 ? 'an empty batch' : 'none that counts',
      })
    return total === undefined ? meanOf(losses) : div(sumOf(losses), total)
  }
  const [mean, sum, none] = [reduced(average), reduced((losses) => sumOf(losses)), reduced((losses) => losses)]
  return Object.assign((...given: readonly [T]) => mean(...given), { mean, sum, none })
}

/** A loss that is not a number may come from a target that is none: then that is the error. */
const checkTarget = (op: string, value: Tensor, target: Tree): void => {
  if (!packed(raw(unboxed(value))).some(Number.isNaN)) return
  for (const t of leaves(target).map(unboxed)) {
    const at = packed(raw(t)).findIndex(Number.isNaN)
    if (at >= 0)
      throw new ValueError({
        op,
        expected: 'targets that are numbers',
        actual: `NaN at index ${showShape(indexOf(at, t.shape))}`,
      })
  }
}
