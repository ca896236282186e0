import { unboxed } from '../diff/boxed.ts'
import type { Diff } from '../diff/diff.ts'
import { checkOptions } from '../error/options.ts'
import { StructureError, ValueError } from '../error/tensorError.ts'
import { div } from '../op/elementwise/div.ts'
import { mean as meanOf, sum as sumOf } from '../op/reduce/sum.ts'
import { ones } from '../tensor/create.ts'
import { type Data, describe, notATensor } from '../tensor/data.ts'
import { inspect } from '../tensor/inspect.ts'
import { indexOf, showShape } from '../tensor/shape.ts'
import { isTensor, raw } from '../tensor/view.ts'
import { vjp } from '../transform/vjp.ts'
import { fixed } from '../tree/fixed.ts'
import { isBranch, leaves, type Tree } from '../tree/tree.ts'
import type { Tensor } from '../type/tensor.ts'

export type Scalar = Tensor<readonly []>

/** One number for each example of a minibatch. */
export type PerExample = Tensor<readonly [number]>

/**
 * A function from the targets of a minibatch to a differentiable function of its outputs, which gives its value and its
 * pullback.
 */
export type Loss<Y, T> = (target: T) => (output: Y) => readonly [value: Scalar, pullback: (d: Scalar) => unknown]

/** What `defineLoss` has made a loss of, by which `weighted`, `overSteps` and metrics make others. */
export interface LossDefinition<Y, T> {
  readonly name: string
  /** The loss of each example. */
  readonly perExample: (output: Y, target: T) => PerExample
  /** The weights of the examples, by whose sum the mean divides; 1 for each unless given. */
  readonly weight?: ((output: Y, target: T) => PerExample) | undefined
}

/**
 * A loss with its three reductions: called, it is the mean over the batch; `.sum` is the sum, and `.none` the losses of
 * the examples.
 */
export interface Reductions<Y, T> {
  (target: T): Diff<Y, Scalar>
  readonly mean: (target: T) => Diff<Y, Scalar>
  readonly sum: (target: T) => Diff<Y, Scalar>
  readonly none: (target: T) => Diff<Y, PerExample>
  readonly definition?: LossDefinition<Y, T> | undefined
}

/** A loss with options: called, it has the defaults; `with` gives the loss with other options. */
export type Configurable<L, O> = L & { readonly with: (options: O) => L }

/** Options that all have a default, which also replaces undefined. */
export type Optional<O> = { readonly [K in keyof O]?: O[K] | undefined }

/** Makes a loss from its options, all of which have a default. */
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

/**
 * Checks that a loss gets only its target: the output goes to the function that it returns, and would be ignored here.
 */
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

/** Checks that an argument is a loss that has not been given its target. */
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
 * Defines a loss by the loss of each example, a function made of operations; its derivative is inferred. Called, it is
 * the mean over the batch; `.sum` and `.none` are the sum and the losses of the examples. The mean divides by the
 * number of examples, or by the sum of their weights where `weight` gives those. The mean over an empty batch, or over
 * examples with a total weight of 0, is a `ValueError`, and so is a NaN among the targets that makes the loss NaN.
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
    const refuse = (actual: string): never => {
      throw new ValueError({
        op: name,
        expected: 'at least one example to take the mean over',
        actual,
        code: 'empty-batch',
      })
    }
    if (losses.size === 0) refuse('an empty batch')
    if (weight === undefined) return meanOf(losses)
    const total = sumOf(weight(output, target))
    inspect([raw(unboxed(total))], (weights) => {
      if (weights.includes(0)) refuse('no example that counts')
    })
    return div(sumOf(losses), total)
  }
  const [mean, sum, none] = [reduced(average), reduced((losses) => sumOf(losses)), reduced((losses) => losses)]
  const definition = { name, perExample, weight }
  return Object.assign((...given: readonly [T]) => mean(...given), { mean, sum, none, definition })
}

/** What a loss is made of; an error for a function that only behaves like one. */
export const definitionOf = <Y, T>(op: string, loss: unknown): LossDefinition<Y, T> => {
  checkLoss(op, loss)
  const { definition } = loss as Partial<Reductions<Y, T>>
  if (definition !== undefined) return definition
  throw new StructureError({
    op,
    expected: 'a loss of which the examples are known',
    actual: 'a plain function of target and output',
    remedy: 'defineLoss makes one of the loss of each example',
  })
}

/** The weights of the examples in the mean of a loss. */
export const weightsOf = <Y, T>({ weight }: LossDefinition<Y, T>, output: Y, target: T): PerExample => {
  if (weight !== undefined) return weight(output, target)
  const [first] = leaves(output as Tree) as readonly [Tensor]
  return ones([first.shape[0] as number], first.dtype)
}

const hasNaN = (data: Data): boolean => {
  for (let i = 0; i < data.length; i++) if (Number.isNaN(data[i])) return true
  return false
}

/** If a loss is NaN because of a NaN in the target, reports the target. */
const checkTarget = (op: string, value: Tensor, target: Tree): void => {
  const targets = leaves(target).map(unboxed)
  inspect(
    [value, ...targets].map((t) => raw(unboxed(t))),
    (loss, ...given) => {
      if (!hasNaN(loss as Data)) return
      for (const [i, t] of targets.entries()) {
        const at = (given[i] as Data).findIndex(Number.isNaN)
        if (at >= 0)
          throw new ValueError({
            op,
            expected: 'targets that are numbers',
            actual: `NaN at index ${showShape(indexOf(at, t.shape))}`,
            code: 'not-finite',
          })
      }
    },
  )
}
